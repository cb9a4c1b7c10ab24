"""Long plausible prose, the same every time, so that the cases stay short enough to be read."""

import random
import re
from collections.abc import Iterator

_SUBJECTS = {
    "en": (
        "the encoder", "a recurrent network", "the gradient", "each hidden state", "the decoder",
        "this attention head", "the loss", "a residual connection", "the embedding matrix",
        "our baseline", "the learning rate", "a forget gate", "the validation set", "beam search",
        "the softmax", "a longer sequence", "layer normalisation", "the tokenizer",
    ),
    "zh": (
        "编码器", "循环神经网络", "梯度", "隐藏状态", "解码器", "注意力权重", "损失函数",
        "残差连接", "词向量矩阵", "基线模型", "学习率", "遗忘门", "验证集", "束搜索",
        "归一化层", "位置编码",
    ),
}  # fmt: skip
_VERBS = {
    "en": (
        "depends on", "is multiplied by", "compresses", "carries information to",
        "is compared with", "converges faster than", "shares its parameters with",
        "is initialised from", "replaces", "is added to", "learns to ignore", "scales with",
    ),
    "zh": (
        "取决于", "会影响", "压缩了", "逐步更新", "对应着", "的收敛快于", "与之共享参数的是",
        "替代了", "依次读入", "学会了忽略", "需要先乘以", "被加到",
    ),
}  # fmt: skip
_TAILS = {
    "en": (
        "at every time step", "during training", "as the figure shows", "in practice",
        "for most corpora", "with a batch size of 64", "after a few epochs", "on a single GPU",
        "when the dimension grows", "as derived above",
    ),
    "zh": (
        "在每个时间步", "训练过程中", "从图中可以看出", "一般来说", "当序列变长时", "在实际任务里",
        "经过几轮迭代之后", "与前面的推导一致", "按照原论文的设置",
    ),
}  # fmt: skip
_CALL = re.compile(r"\{\{(filler|article) (en|zh) (\d+) (\d+)\}\}")
_SENTENCES_A_PARAGRAPH = 6
_PARAGRAPHS_A_SECTION = 4


def filled(text: str) -> str:
    """The text with each `{{filler en 300 7}}` and `{{article zh 800 7}}` written out.

    `filler` gives bare sentences, `article` paragraphs and headings in HTML. The figures are how
    many words (English) or characters (Chinese) at least, and the seed.
    """
    return _CALL.sub(_written, text)


def _written(call: re.Match[str]) -> str:
    form, language, size, seed = call.groups()
    sentences = list(_sentences(language, int(size), random.Random(int(seed))))
    if form == "filler":
        return ("" if language == "zh" else " ").join(sentences)
    return "\n".join(_article(sentences, language))


def _sentences(language: str, size: int, chance: random.Random) -> Iterator[str]:
    length = 0
    while length < size:
        sentence = _sentence(language, chance)
        length += len(sentence) if language == "zh" else len(sentence.split())
        yield sentence


def _sentence(language: str, chance: random.Random) -> str:
    subject, other = chance.sample(_SUBJECTS[language], 2)
    verb, tail = chance.choice(_VERBS[language]), chance.choice(_TAILS[language])
    if language == "zh":
        return f"{tail}，{subject}{verb}{other}。"
    return f"{subject.capitalize()} {verb} {other} {tail}."


def _article(sentences: list[str], language: str) -> Iterator[str]:
    joint = "" if language == "zh" else " "
    for number, start in enumerate(range(0, len(sentences), _SENTENCES_A_PARAGRAPH)):
        if number % _PARAGRAPHS_A_SECTION == _PARAGRAPHS_A_SECTION - 1:
            yield f'<h2 id="part-{number}">{sentences[start].rstrip(".。")}</h2>'
        yield f"<p>{joint.join(sentences[start : start + _SENTENCES_A_PARAGRAPH])}</p>"
