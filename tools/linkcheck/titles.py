"""Whether a page shows a title that the catalog knows: by words, and for Chinese by pairs."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import ceil

from tools.linkcheck.page import PageView

# A run of Han, kana or Hangul; or a word of any other letters and digits.
_HAN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_BETWEEN = re.compile(r"[\W_]+")
_COMBINING = re.compile("[\u0300-\u036f]")
_APOSTROPHE = re.compile(r"['’‘`´]s?\b")
_SMALL = (
    "a an and are as at be by for from how in into is it its of on or the to using via vs what why "
    "with your you we our this that"
)
SMALL_WORDS = frozenset(_SMALL.split())
# Written in both ways in catalogs and on pages; a library would be one more dependency for this.
_SIMPLER = str.maketrans(
    "機學習網絡經語處義類圖註詞訓練視覺編碼變換詳論與實現數據資時間層單雙對個這為記憶長門爾來"
    "種問題應該從會說統計體過進遠運動後開關點電腦頁無傳輸轉導師導權讓讀書寫筆課講請錯誤務應員"
    "區內測試設備產發佈標籤專欄連結鏈刪沒號軟優選擇擊繼續觀證頻誌隨機場維護環節準確認識釋給極"
    "簡馬爾戰歷遞歸損優樣幾級線團隊價",
    "机学习网络经语处义类图注词训练视觉编码变换详论与实现数据资时间层单双对个这为记忆长门尔来"
    "种问题应该从会说统计体过进远运动后开关点电脑页无传输转导师导权让读书写笔课讲请错误务应员"
    "区内测试设备产发布标签专栏连结链删没号软优选择击继续观证频志随机场维护环节准确认识释给极"
    "简马尔战历递归损优样几级线团队价",
)
_LONGEST_LOOK = 20_000
_STEM = 7
_LONGEST_TITLE = 300
# So few characters turn up anywhere: a Chinese character says as much as a Latin syllable.
_FEWEST, _FEWEST_WIDE = 6, 3
# A title cut off: six of ten of its characters, and enough of them to be no accident.
_BEGUN = 6
# A title shown: six of ten of its words, and never by one word alone of several.
_SHOWN = 0.6


def plain(text: str) -> str:
    """The text for comparing: one width, one case, one Chinese script, no accents."""
    parts = unicodedata.normalize("NFKD", text)
    whole = unicodedata.normalize("NFC", _COMBINING.sub("", parts))
    return whole.casefold().translate(_SIMPLER)


def words_in(text: str) -> list[str]:
    """The words that count, in order: the stems of `rnn networks`, and pairs of characters."""
    return [*_words_of_title(text)] if len(text) <= _LONGEST_TITLE else _words_in(text)


@lru_cache(1024)
def _words_of_title(text: str) -> tuple[str, ...]:
    """The same of a title, which is compared many times over."""
    return tuple(_words_in(text))


def _words_in(text: str) -> list[str]:
    words: list[str] = []
    for word in _WORD.findall(_APOSTROPHE.sub("", plain(text))):
        if re.match(f"[{_HAN}]", word):
            words += [word[n : n + 2] for n in range(len(word) - 1)] or [word]
        else:
            words.append(stem_of(word))
    return [word for word in words if word not in SMALL_WORDS] or words


def stem_of(word: str) -> str:
    """What `learns` and `learning`, `entity` and `entities` share, or nearly."""
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word[-1] == "s" != word[-2]:
        word = word[:-1]
    if len(word) > 6:
        word = word.removesuffix("ing")
    return word[:_STEM] if word.isalpha() else word


def squeezed(text: str) -> str:
    """Letters and digits alone, of one width, case and script: `cs224n` of `CS 224N`."""
    return _BETWEEN.sub("", plain(text))


def tells(tight: str) -> bool:
    """Whether a squeezed title is long enough not to stand in other words by chance."""
    return len(tight) >= (_FEWEST if tight.isascii() else _FEWEST_WIDE)


def closeness(known: str, shown: str) -> float:
    """The share of words in common, of the shorter title, from 0 to 1.

    Of the shorter one, since pages cut titles off, and add the names of sites and series.
    """
    ours, theirs = set(words_in(known)), set(words_in(shown))
    shorter = min(len(ours), len(theirs))
    return len(ours & theirs) / shorter if shorter else 0.0


def coverage(known: str, words: Iterable[str]) -> float:
    """The share of a title's words that occur among others."""
    ours = set(words_in(known))
    return len(ours.intersection(words)) / len(ours) if ours else 0.0


def passage(known: str, words: Sequence[str]) -> float:
    """The largest share of a title's words that stand close together in a text."""
    ours = set(words_in(known))
    reach = 2 * len(ours) + 4
    inside: Counter[str] = Counter()
    best = 0
    for n, word in enumerate(words):
        if n >= reach and words[n - reach] in ours:
            inside[words[n - reach]] -= 1
        if word in ours:
            inside[word] += 1
            best = max(best, sum(count > 0 for count in inside.values()))
    return best / len(ours) if ours else 0.0


def names_itself(page: PageView, titles: Iterable[str]) -> bool:
    """Whether the page calls itself by one of the titles, or nearly."""
    known = tuple(titles)
    return any(is_shown(title, called) for title in known for called in page.titles)


def is_shown(known: str, shown: str) -> bool:
    """Whether `shown` is the known title, perhaps cut off, extended or put a little differently."""
    common = set(words_in(known)) & set(words_in(shown))
    enough = min(2, len(set(words_in(known))))
    if len(common) >= enough and closeness(known, shown) >= _SHOWN:
        return True
    tight = squeezed(known)
    if tells(tight) and tight in squeezed(shown):
        return True
    beginning = plain(known)[: max(_BEGUN, ceil(_SHOWN * len(known)))]
    return len(beginning) >= _BEGUN and plain(shown).startswith(beginning)


def holds(page: PageView, titles: Iterable[str]) -> bool:
    """Whether one of the titles stands in the page as it is: in its text, or for its scripts."""
    text = squeezed(page.text[:_LONGEST_LOOK])
    return any(
        squeezed(title) in text or title in page.source or json.dumps(title)[1:-1] in page.source
        for title in titles
        if len(words_in(title)) > 1
    )


def text_words(page: PageView) -> list[str]:
    """The words of the beginning of a page's text, and of what it calls itself."""
    return words_in(" ".join([*page.titles, page.text[:_LONGEST_LOOK]]))


def has_characters(text: str) -> bool:
    """Whether some of a text is in Chinese characters: `Kevin Murphy 的书`."""
    return any("\u3400" <= one <= "\u9fff" for one in text)


def is_chinese(text: str) -> bool:
    """Whether a text is written in Chinese, be it with foreign terms in it."""
    letters = [one for one in text[:_LONGEST_LOOK] if one.isalpha()]
    han = sum("\u3400" <= one <= "\u9fff" for one in letters)
    return han > len(letters) / 6
