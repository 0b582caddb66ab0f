"""Page furniture: the lines of a saved page that are not the report.

Each rule is a pattern for a whole stripped line and the reason that is given for leaving the line out. A line that
ends a sentence is never furniture by the short-line rules; text is kept where in doubt.
"""

from __future__ import annotations

import re

_SEPARATOR = r"[|｜│丨/>＞»›·•]"
_YEAR = r"(?:\d{4}|[二〇○零一二三四五六七八九]{4})"
_DAY = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_DATE = _YEAR + r"\s*[-年./]\s*" + _DAY + r"\s*[-月./]\s*" + _DAY + r"\s*日?"
_NAME = r"(?:[\u4e00-\u9fff]\s{0,3}[\u4e00-\u9fff]|[\u4e00-\u9fff]{3,4})"
_BOOK = r"[^\s，。；]{2,14}年鉴\s?(?:[（(]?(?:\d{4}|[二〇○零一二三四五六七八九]{4})年?[)）]?)?"
# Items of a menu. Separators are no part of an item and runs are possessive, so that a line matches in one way only:
# with two ways a piece, a hostile line of 200 characters would take years.
_MORE_ITEMS = r"(?:(?:\s*+[|｜/·]\s*+|\s++)[^\s|｜/·]{1,12}+){0,10}"

_RULES: tuple[tuple[str, str], ...] = (
    ("copyright", r".{0,40}(?:版权所有|版权声明|(?i:Copyright)|©|(?i:All Rights Reserved)).{0,120}"),
    ("site registration", r".{0,80}(?:(?i:ICP)\s*[备证]|公网安备|公安备案|网站标识码|备案号|经营许可证).{0,80}"),
    (
        "site owner",
        r"(?:主办(?:单位)?|承办(?:单位)?|协办(?:单位)?|技术支持|维护单位|建设单位|网站管理|运行维护|设计制作|制作单位)\s*[:：].{0,80}",
    ),
    (
        "position on the site",
        r"[【\[]?(?:您?的?(?:当前|现在|所在)的?位置|您(?:现在|目前)?的?位置|当前栏目|你在这里|现在位于)\s*[:：是].{0,120}",
    ),
    ("navigation", r"(?:网站)?首\s*页\s*(?:" + _SEPARATOR + r"|\s).{0,200}"),
    (
        "navigation",
        r"(?:返回(?:首页|顶部|上页|列表)|网站地图|设为首页|加入收藏|联系我们|无障碍(?:浏览|阅读)?|长者(?:模式|版|专区)|繁體?体?(?:中文|版)?|简体(?:中文|版)?|(?i:English))"
        + _MORE_ITEMS,
    ),
    (
        "page date and source",
        r"(?:发布|发表|更新|录入|添加|采编|编辑|上传|公开|生成)(?:日期|时间|人|机构)?\s*[:：].{0,120}",
    ),
    ("page date and source", r"(?:日期|时间)\s*[:：]\s*(?:" + _DATE + r").{0,80}"),
    (
        "page date and source",
        r"(?:[【\[(（]?\s*(?:信息)?(?:来源|稿源|供稿(?:单位|人)?|信息来源|文章来源|作者|撰稿|记者|通讯员|编辑|责任编辑|责编|校对|审核|审签|初审|终审|复审|摄影|文图|编审|签发)\s*[:：].{0,80})",
    ),
    (
        "page date and source",
        _DATE
        + r"\s*+(?:\d{1,2}:\d{2}(?::\d{2})?)?\s*+"
        + r"(?:(?:信息|文章|新闻|稿件)?来源|稿源|发布|作者|浏览|字号|点击|阅读|【|星期|责任编辑|编辑).{0,100}",
    ),
    ("page date and source", r"(?:本文|原文|文章)(?:来自|来源|链接|地址|网址|转自|标题|出处)\s*[:：].{0,120}"),
    ("date line", r"[（(]\s*" + _DATE + r"\s*[)）]"),
    ("date line", _DATE + r"(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"),
    ("view counter", r"(?:浏览|点击|阅读|访问|人气)(?:次数|量|数)?\s*[:：]?\s*[\d,]+\s*次?.{0,40}"),
    ("page tools", r"[【\[]?\s*(?:字\s*[体号]|字体大小)\s*[:：]?.{0,40}"),
    (
        "page tools",
        r"[【\[]?\s*(?:打印本?页?|关闭(?:窗口|本页)|收藏本?页?|推荐给朋友|我要纠错|纠错|分享到?|转发|大\s*中\s*小|扫一扫|扫码)(?:[\s】\]|｜::/【\[、,到在手机打开分享微博微信朋友圈QQ空间关闭窗口打印本页收藏当前页]|二维码).{0,60}",
    ),
    ("page tools", r"[【\[]?\s*(?:打印(?:本页)?|关闭(?:窗口|本页)?|收藏|分享|转发|返回)\s*[】\]]?"),
    ("page tools", r"(?:写?留言|在看|点赞|赞赏|喜欢作者|阅读原文|收藏|分享|\s)++"),
    ("page tools", r"[^。！？；]{0,10}(?:点击|戳)[^。！？；]{0,10}(?:关注|蓝字|订阅)[^。！？；]{0,10}"),
    (
        "neighbouring pages",
        r"(?:上一[篇条页]|下一[篇条页]|相关(?:链接|文章|新闻|阅读|信息|稿件)|延伸阅读|推荐阅读|(?:热点|图文|最新|精彩)(?:新闻|推荐|排行|文章|资讯|信息)|友情链接|更多)(?:\s*[:：>＞].*|\s*)",
    ),
    ("attachment", r"附件\s*\d{0,2}\s*[:：].{0,80}|附件下载.{0,60}"),
    (
        "contact line",
        r"(?:联系(?:电话|方式|地址|人|邮箱)|电\s*话|传\s*真|地\s*址|邮\s*编|邮政编码|邮\s*箱|电子邮[件箱]|值班电话|举报电话|网站电话|投诉电话|(?i:E-?mail))\s*[:：].{0,100}",
    ),
    (
        "site tools",
        r"(?:法律声明|网站声明|隐私(?:政策|声明)|免责声明|使用帮助|关于我们|站点地图|网站导航|基本信息)" + _MORE_ITEMS,
    ),
    ("page number", r"[-—–·•\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/共]\s*共?\s*\d{1,4}\s*页?)?[-—–·•\s]*"),
    ("table row", r"\S{1,16}(?:\s++[-+±]?\d[\d.,]*+%?){2,}|[^\s，。；：]{1,12}(?:\s{2,}+[^\s，。；：]{1,12}){3,}"),
    ("running head", _BOOK + r"\s{2,}+[^\s，。；].{0,13}|[-—–·•]?\s?\d{1,4}\s?[-—–·•]?\s+" + _BOOK),
    ("running head", r"[^，。；]{1,14}?\s{2,}" + _BOOK),
    (
        "running head",
        r"\d{1,4}\s{4,}+[^，。；\d][^，。；]{0,30}|[^，。；\d][^，。；]{0,30}?\s{4,}[-—–·•]?\s?\d{1,4}\s?[-—–·•]?",
    ),
    ("page number", r"第\s*[\d一二三四五六七八九十]+\s*页.{0,20}"),
    ("contents line", r".{1,60}?(?:\.{4,}+|…{2,}+|·{4,}+)\s*+\(?\d{1,4}\)?"),
    ("page date and source", r"[^。！？；]{0,40}\d{4}[-/]\d{1,2}[-/]\d{1,2}\s+\d{1,2}:\d{2}[^。！？；]{0,40}"),
    ("page tools", r"[^。！？；]{0,12}(?:扫|长按|识别|关注)[^。！？；]{0,10}(?:二维码|公众号)[^。！？；]{0,16}"),
    ("caption", r"[图表]\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:[-—.－]\d{1,3})?(?:[\s:：]\s*[^。！？；]{1,50})?"),
    ("caption", r"[(（▲△]\s*图为[^。]{2,60}。?[)）]?"),
    ("contact line", r"[^。，；]{0,24}(?:0\d{2,3}\s*[-—－]\s*\d{7,8}|1[3-9]\d{9})(?:[\s转、/(（].{0,24})?"),
    ("table of contents", r"目\s*[录次]|(?i:CONTENTS)"),
    ("document number", r".{0,20}[〔\[【(（]\d{4}[〕\]】)）]\s*(?:第\s*)?\d{1,5}\s*号"),
    (
        "index line",
        r"(?:索引号|主题分类|公开目录|文号|发文字号|发文机关|成文日期|有效性|信息分类|主题词|公文时效|体裁分类|组配分类|名\s*称|标\s*题)\s*[:：].{0,120}",
    ),
    ("rule", r"[\s\-—–_=*·.~#+<>|\u2500-\u257f\u25a0-\u25ff]+"),
    (
        "editor line",
        r"[(（\[]\s*(?:责任编辑|责编|编辑|作者|撰稿|供稿|来源|记者|通讯员|执笔|审稿)\s*[:：]?.{1,60}[)）\]]",
    ),
    (
        "names",
        r"[^\s，。；：]{0,10}(?:长|书记|主任|政委|主席|委员|代表)[:：]\s*"
        + _NAME
        + r"(?:[\s、]{1,4}"
        + _NAME
        + r"){0,9}",
    ),
    (
        "editor line",
        r"[(（](?![一二三四五六七八九十]+[)）])" + _NAME + r"(?:[\s、]{1,3}" + _NAME + r"){0,4}[)）]",
    ),
)

# One pattern of all rules is several times as fast as one after the other; its groups are numbered like the rules. Case
# is passed over in Latin words alone, because every command waits until this is compiled.
_PATTERN = re.compile("|".join(f"({pattern})" for _, pattern in _RULES))

# A line with two or more of these is the strip of data and buttons that pages carry above and below an article.
_PAGE_DATA = re.compile(
    r"(?:来源|稿源|作者|记者|供稿|日期|时间|浏览|阅读|点击|访问|人气|评论|字号|字体|背景色|索引号|发布机构|发文机关|公开日期|文号|有效性"
    r"|信息分类|打印|关闭|收藏|分享|纠错|扫一扫|责任编辑|上一[篇条页]|下一[篇条页]|主办|地址|电话|邮箱|许可证|转载|侵权|举报)"
)

_LINKS = re.compile(r"[^\s|｜│]{1,10}(?:\s*[|｜│]\s*[^\s|｜│]{1,10})+|\S{1,6}(?:\s+\S{1,6}){4,}")
_PARTED = re.compile(r"[\s|｜│]")
_LONGEST = 240


def furniture_reason(line: str) -> str | None:
    """Tell why a stripped line is page furniture, or None where it is text.

    Examples
    --------
    >>> furniture_reason("主办单位:某区人民政府")
    'site owner'
    >>> furniture_reason("全年调解纠纷三百件。") is None
    True
    """
    if len(line) > _LONGEST:
        return None
    match = _PATTERN.fullmatch(line)
    if match and match.lastindex:
        return _RULES[match.lastindex - 1][0]
    if (_PARTED.search(line) and _LINKS.fullmatch(line)) or line.lower().startswith(("http://", "https://", "www.")):
        return "navigation"
    if not line.endswith(("。", "！", "？", "；")) and _is_page_data(line):
        return "page data"
    return None


def _is_page_data(line: str) -> bool:
    """Tell whether a line strings data and buttons of the page together."""
    marks = len(_PAGE_DATA.findall(line))
    parted = re.search(r"[:：|｜【\[〔]|\s\s|　", line) is not None
    return marks >= 2 and parted and "，" not in line and marks * 40 >= len(line)
