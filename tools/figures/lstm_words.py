"""What the figure of the LSTM cell says, in both languages."""

from collections.abc import Mapping

LSTM_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "LSTM cell, one time step",
        "description": (
            "The cell state c runs along the top from left to right and meets only two operations. "
            "First, the input x at this step, of shape (B, D), and the last output h, of shape "
            "(B, H), enter one matrix product of shape (B, 4H), cut in four. Second, three parts "
            "pass a sigmoid and become the gates f, i and o; the other passes tanh and becomes "
            "the candidate g. Third, the forget gate f multiplies the old cell state, then i times "
            "g is added. Fourth, the output gate o multiplies tanh of the new cell state to give "
            "the new h. Both states keep the shape (B, H)."
        ),
        "product": "one product, cut in four",
        "keep": "keep",
        "write": "write",
        "show": "show",
    },
    "zh": {
        "title": "LSTM细胞的一个时间步",
        "description": (
            "细胞状态c沿着上方从左走到右，途中只遇到两次运算。第一步，形状为(B, D)的当前输入x"
            "与形状为(B, H)的上一步输出h一起做一次矩阵乘法，得到(B, 4H)，切成四份。第二步，"
            "其中三份经过sigmoid成为三个门f、i、o，另一份经过tanh成为候选g。第三步，遗忘门f"
            "乘以旧的细胞状态，再加上i与g的乘积。第四步，输出门o乘以新细胞状态的tanh，"
            "得到新的h。两个状态的形状始终是(B, H)。"
        ),
        "product": "一次乘法，切成四份",
        "keep": "保留",
        "write": "写入",
        "show": "露出",
    },
}
