# 多くの場所で使う語句。

verbatim = { $text }
not-observed = 未観測
no-data = データなし
