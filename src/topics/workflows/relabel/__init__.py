"""``topics relabel``: a store of paragraphs → labels, a ledger of changes, and nothing lost or done twice.

`sources` and `planning` find what is to be done, `engines` (or `cluster`) score it, `guard` judges it, `ledger` says
what is written, and `running` puts them in order; how it is stored is `topics.storage`'s.
"""
