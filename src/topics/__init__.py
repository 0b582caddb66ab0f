"""Labels the paragraphs of Chinese governance work reports with governance topics.

>>> import topics
>>> model = topics.load()
>>> model.predict(["依法打击电信网络诈骗，破获案件三百余起。"])[0].topics
('crime_crackdown',)
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from topics.corpus.paragraphs import read_report, split_report
    from topics.errors import InputError, ModelError, TopicsError
    from topics.modeling.estimator import TopicClassifier
    from topics.records import Evidence, Paragraph, Prediction, Report
    from topics.workflows.library import LabelledParagraph, Model, load

# Names are loaded when they are first asked for, so that `import topics` and the command line start at once.
_HOMES = {
    "Evidence": "topics.records",
    "InputError": "topics.errors",
    "LabelledParagraph": "topics.workflows.library",
    "Model": "topics.workflows.library",
    "ModelError": "topics.errors",
    "Paragraph": "topics.records",
    "Prediction": "topics.records",
    "Report": "topics.records",
    "TopicClassifier": "topics.modeling.estimator",
    "TopicsError": "topics.errors",
    "load": "topics.workflows.library",
    "read_report": "topics.corpus.paragraphs",
    "split_report": "topics.corpus.paragraphs",
}

__all__ = [
    "Evidence",
    "InputError",
    "LabelledParagraph",
    "Model",
    "ModelError",
    "Paragraph",
    "Prediction",
    "Report",
    "TopicClassifier",
    "TopicsError",
    "load",
    "read_report",
    "split_report",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'topics' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
