"""The questions of `.github/ISSUE_TEMPLATE/resource.yml`, which a test holds equal to these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the form: the id it has there and its label in both languages."""

    id: str
    en: str
    zh: str

    @property
    def label(self) -> str:
        """The heading that GitHub writes above the answer."""
        return f"{self.en} · {self.zh}"


QUESTIONS = (
    Question("address", "Address", "地址"),
    Question("why", "Why it belongs here", "推荐理由"),
    Question("title", "Title", "标题"),
    Question("kind", "Kind", "类型"),
    Question("language", "Language", "语言"),
    Question("authors", "Authors", "作者"),
    Question("published", "Published", "发表日期"),
    Question("topics", "Topics", "主题"),
    Question("level", "Level", "难度"),
    Question("minutes", "Minutes", "分钟数"),
    Question("frameworks", "Frameworks", "框架"),
    Question("access", "Access", "获取方式"),
    Question("summary-en", "Summary in English", "英文简介"),
    Question("summary-zh", "Summary in Chinese", "中文简介"),
    Question("caveats-en", "Caveats in English", "英文提醒"),
    Question("caveats-zh", "Caveats in Chinese", "中文提醒"),
    Question("checks", "Checks", "确认"),
)
