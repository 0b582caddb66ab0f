"""Write the reports of ``tests/data/reports`` that are no plain UTF-8 text: ``python tests/data/make_reports.py``.

The other files there are written by hand. All places and figures are invented.
"""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

HERE = Path(__file__).parent / "reports"

SIMPLE = """临溪县2008年综治工作总结

一、矛盾纠纷排查调处
全县建立村级调解小组212个，排查矛盾纠纷1860件，调解成功1791件。
二、严打整治
开展“雷霆”系列行动，破获刑事案件640起，抓获犯罪嫌疑人388名。
三、流动人口管理
登记流动人口1.9万人，签订出租房屋治安责任书3100份。
"""
TRADITIONAL = """臨溪縣二零零九年綜治工作總結

一、矛盾糾紛排查調處
全縣設立調解委員會一百八十個，受理糾紛兩千餘件，調解成功率百分之九十六。
二、社區矯正
接收社區矯正對象九十七人，解除矯正三十一人，無一人重新犯罪。
主辦單位：臨溪縣人民政府
版權所有：臨溪縣人民政府
"""
WRAPPED = (
    "2011年，澜屏区坚持把信访积案化解摆在突出位置，区委书记、区长带头接访，区级领导包案43件，办结41件，"
    "进京非正常上访同比下降六成，全区社会大局持续稳定，群众安全感测评居全市前列。",
    "一、推进技防建设",
    "投资620万元建成区级视频监控中心，在主干道、学校周边新装高清探头380个，与公安专网联通；"
    "利用视频监控协助破案57起，抓获嫌疑人63名，街面“两抢”案件同比下降31%，居民满意度明显提高。",
    "二、加强特殊人群服务管理",
    "为212名刑满释放人员落实帮教措施，安置就业156人；对登记在册的吸毒人员逐一见面走访，动员参加社区戒毒96人；"
    "区检察院与两所中学共建法治课堂，对有不良行为的青少年开展一对一帮教，全年未发生校园恶性案件。",
)


def main() -> None:
    """Write all files."""
    for name, text, encoding in (
        ("gb18030.txt", SIMPLE, "gb18030"),
        ("gb2312-crlf.txt", SIMPLE.replace("\n", "\r\n"), "gb2312"),
        ("carriage-returns.txt", SIMPLE.replace("\n", "\r"), "utf-8"),
        ("utf8-bom.txt", SIMPLE, "utf-8-sig"),
        ("utf16-le-bom.txt", "\ufeff" + SIMPLE, "utf-16-le"),
        ("utf16-be-bom.txt", "\ufeff" + SIMPLE, "utf-16-be"),
        ("utf16-le.txt", SIMPLE, "utf-16-le"),
        ("big5.txt", TRADITIONAL, "big5"),
        ("traditional.txt", TRADITIONAL, "utf-8"),
        ("traditional-gbk.txt", TRADITIONAL, "gbk"),
    ):
        (HERE / name).write_bytes(text.encode(encoding))
    _pages()
    _word_files()
    _pdf("printed.pdf", indent="　　", width=36, head="澜屏区年鉴")
    _pdf("printed-flush.pdf", indent="", width=34, head="")
    _columns()
    _archive()


def _pages() -> None:
    """Write the pages that are not UTF-8."""
    table = (HERE / "cms.html").read_text(encoding="utf-8")
    page = "".join(f"<p>{line}</p>\n" for line in SIMPLE.splitlines() if line)
    old = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        "<title>综治工作总结</title></head>"
        '<body><table width="778"><tr><td><a href="index.asp">首 页</a> | <a href="a.asp">机构设置</a> | '
        '<a href="b.asp">政法动态</a></td></tr></table><table width=778><tr><td width=180><table><tr><td>栏目导航</td>'
        "</tr><tr><td><a href=1>领导讲话</a></td></tr><tr><td><a href=2>经验交流</a></td></tr></table></td><td>"
        "<div align=center><font size=4><b>临溪县2003年综治工作总结</b></font></div>"
        "<div align=center>2004-1-9 作者：综治办 点击：88次</div>"
        "&nbsp;&nbsp;<b>一、严打整治</b><br><br>\n&nbsp;&nbsp;组织开展命案侦破等专项行动，破获刑事案件1512起，\n"
        "抓获犯罪嫌疑人903名。<br><br>\n&nbsp;&nbsp;<b>二、外来人口管理</b><br><br>\n"
        "&nbsp;&nbsp;登记暂住人口3.2万人，签订治安责任书5100份。<br><div align=right>"
        "【<a href=p>打印本页</a>】【<a href=c>关闭窗口</a>】</div></td></tr></table>"
        "<table><tr><td>版权所有：临溪县综治办<br>建议使用800*600分辨率浏览</td></tr></table></body></html>"
    )
    (HERE / "table-layout.html").write_bytes(old.encode("gb2312"))
    name_above = (HERE / "name-above.html").read_text(encoding="utf-8")
    # 镕 and 喆 are not in the encoding that the page declares.
    (HERE / "name-above-gb.htm").write_bytes(name_above.replace("charset=utf-8", "charset=gb2312").encode("gb18030"))
    traditional = "".join(f"<p>{line}</p>" for line in TRADITIONAL.splitlines() if line)
    (HERE / "big5.html").write_bytes(
        f'<html><head><meta charset="big5"><title>綜治工作總結</title></head><body>{traditional}</body></html>'.encode(
            "big5"
        )
    )
    (HERE / "wrong-charset.htm").write_text(
        f'<html><head><meta charset="gb2312"></head><body>{page}</body></html>', encoding="utf-8"
    )
    message = EmailMessage(policy=SMTP)
    message["Subject"], message["MIME-Version"] = "saved page", "1.0"
    message.set_content(table.replace("utf-8", "gbk"), subtype="html", charset="gbk", cte="quoted-printable")
    message.add_related(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png")
    message.set_boundary("----=_NextPart_000_0000")
    (HERE / "saved.mhtml").write_bytes(message.as_bytes())


def _word_files() -> None:
    """Write the Word files."""
    word = docx.Document()
    word.core_properties.title = "澜屏区平安建设工作总结"
    word.add_heading("澜屏区平安建设工作总结", 0)
    word.add_heading("矛盾化解", 1)
    word.add_paragraph("全年调解各类纠纷1204件，成功率97.8%。")
    word.add_heading("诉调对接", 2)
    word.add_paragraph("区法院诉前委派调解民事案件560件。")
    word.add_heading("打击犯罪", 1)
    run = word.add_paragraph().add_run("开展打击电信网络诈骗专项行动。")
    run.bold = True
    run.add_break()
    run.add_text("抓获嫌疑人129名。")
    word.sections[0].header.paragraphs[0].text = "澜屏区委政法委员会文件"
    word.sections[0].footer.paragraphs[0].text = "内部资料"
    word.save(str(HERE / "styles.docx"))
    _numbered()
    _bold_and_table()


def _numbered() -> None:
    """Write a file whose headings are numbered by Word."""
    word = docx.Document()
    numbering: Any = word.part.numbering_part.element
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
        '<w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
        "</w:abstractNum>"
    )
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for text, level in (
        ("推进雪亮工程", 0),
        ("新建视频监控点位1460个，接入县级平台。", None),
        ("抓好网格化服务管理", 0),
        ("建设网格信息系统", 1),
        ("全县划分网格311个，信息系统采集数据26万条。", None),
        ("配强网格员队伍", 1),
        ("招聘专职网格员340名，开展培训12期。", None),
        ("做好安置帮教", 0),
        ("落实刑满释放人员低保47人，技能培训88人。", None),
    ):
        paragraph: Any = word.add_paragraph(text)
        if level is not None:
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
            )
    word.save(str(HERE / "numbered.docx"))


def _bold_and_table() -> None:
    """Write a file with bold headings, a table of figures, a tracked change and a link to nowhere."""
    word = docx.Document()
    for bold, text in (
        ("乌岭镇社区矫正工作", ""),
        ("健全衔接机制。", "与县法院、看守所建立月通报制度，衔接矫正对象38名，无脱管漏管。"),
        ("强化分类监管。", "实行三级管理，电子定位9名，警告2人次。"),
    ):
        paragraph = word.add_paragraph()
        paragraph.add_run(bold).bold = True
        paragraph.add_run(text)
    table = word.add_table(rows=3, cols=2)
    for row, cells in zip(table.rows, (("指标", "数量"), ("在矫人数", "38"), ("解矫人数", "15")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    changed: Any = word.add_paragraph("全年走访")
    for tag, text in (("del", "三百"), ("ins", "四百")):
        kind = "delText" if tag == "del" else "t"
        changed._p.append(
            parse_xml(f'<w:{tag} {nsdecls("w")} w:id="1" w:author="a"><w:r><w:{kind}>{text}</w:{kind}></w:r></w:{tag}>')
        )
    changed.add_run("户，发放资料一千份。")
    assert changed._p.find(qn("w:ins")) is not None
    word.save(str(HERE / "bold.docx"))


def _pdf(name: str, indent: str, width: int, head: str) -> None:
    """Write a PDF file of several pages; its paragraphs run over the page ends."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    page = canvas.Canvas(str(HERE / name), invariant=1, pageCompression=1)
    number, y = 0, 0.0
    lines = [
        text[i : i + width]
        for paragraph in WRAPPED
        for text in [(indent if "。" in paragraph else "") + paragraph]
        for i in range(0, len(text), width)
    ]
    for line in lines:
        if y < 600:
            if number:
                page.drawCentredString(297, 40, f"— {number} —")
                page.showPage()
            number, y = number + 1, 760.0
            page.setFont("STSong-Light", 12)
            if head:
                page.drawString(72, 800, head)
        page.drawString(72, y, line)
        y -= 20
    page.drawCentredString(297, 40, f"— {number} —")
    page.save()


def _columns() -> None:
    """Write a page of two columns, set row by row, with a head and a page number across."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    page = canvas.Canvas(str(HERE / "columns.pdf"), invariant=1, pageCompression=1)
    page.setFont("STSong-Light", 10)
    page.drawCentredString(297, 800, "澜屏区年鉴·政法军事与社会事业")
    lines = [
        text[i : i + 20]
        for text in (paragraph if "。" not in paragraph else f"　　{paragraph}" for paragraph in WRAPPED)
        for i in range(0, len(text), 20)
    ]
    half = (len(lines) + 1) // 2
    for row in range(half):
        for column, at in ((0, row), (1, half + row)):
            if at < len(lines):
                page.drawString(72 + 235 * column, 770 - 18 * row, lines[at])
    page.drawCentredString(297, 40, "— 217 —")
    page.save()


def _archive() -> None:
    """Write an archive as packers on Chinese Windows do: names in GBK without a mark."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (
            ("报告/临溪县.txt", SIMPLE.encode("gb18030")),
            ("报告/說明.bin", b"\x00"),
            ("b.txt", SIMPLE.encode()),
        ):
            info = zipfile.ZipInfo("x" * len(name.encode("gbk")), (2009, 1, 1, 0, 0, 0))
            archive.writestr(info, data)
    data = buffer.getvalue()
    for name in ("报告/临溪县.txt", "报告/說明.bin", "b.txt"):
        raw = name.encode("gbk")
        data = data.replace(b"x" * len(raw), raw, 2) if name != "b.txt" else data.replace(b"xxxxx", raw)
    (HERE / "bundle.zip").write_bytes(data)


if __name__ == "__main__":
    main()
