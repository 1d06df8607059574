# 比較とスイープの図で使う文言。

## 単位を伴う値

measure-requests = { $count ->
       *[other] { $n } リクエスト
    }
measure-restarts = { $count ->
       *[other] { $n } 回
    }
forest-less = ← 小さいほど良い
forest-more = 大きいほど良い →

## 変化（forest）

forest-title = 基準からの変化
forest-caption = 基準：{ $baseline }
forest-decided = 判定は { $questions } 件の問いで補正した区間（Holm、全体で { $confidence }）による。この区間は図の区間より広いことがある。ノイズを超えた変化のみを主張する
forest-hollow = 白抜き：区間なし
forest-noise = ノイズ：± { $noise } %
forest-ratio = 平均の変化、基準に対する %（比の対数目盛）
forest-points = 割合の差、パーセントポイント
forest-group = { $metric } · { $scenario }
forest-row = { $change }（{ $low }～{ $high }） · { $outcome }
forest-row-why = { $change } · 区間なし：{ $reason }
forest-row-no-ratio = { $change } · { $outcome } · 比の区間なし
forest-row-zero = 現在 { $value } · { $outcome } · 比なし：基準が 0
forest-alt = 基準 { $baseline } からの変化 { $n } 件：改善 { $improved } 件、悪化 { $regressed } 件、変化なし { $unchanged } 件、判定不能 { $inconclusive } 件。
forest-alt-claim = { $group }、{ $side }：{ $text }。
forest-column-difference-interval = 差の 95 % 信頼区間
forest-column-ratio = 平均の変化
forest-column-ratio-interval = 平均の変化の 95 % 信頼区間
forest-column-reason = 主張しない理由

## 各比較対象の復旧時間（distributions、strip）

dist-title = 経過時間ごとの復旧済み試行の割合（比較対象別）
dist-caption = 各比較対象の全実行をまとめたカプラン・マイヤー推定：判定された試行（単独の障害、または連鎖全体を 1 件とする）
dist-note-ticks = 縦線：そこで打ち切られた試行
dist-left-out = 最初の { $n } 個の比較対象のみを表示。省略：{ $sides }
dist-alt = 障害の影響の開始からの時間ごとに、復旧した試行の割合を比較対象別の階段線で示します。
dist-alt-panel = { $scenario }：{ $lines }。

strip-title = 各試行の復旧時間（比較対象別）
strip-caption = 判定された試行（単独の障害、または連鎖全体を 1 件とする）。同じ比較対象の実行は上下に並び、実行内の高さに意味はない
strip-recovered = 復旧
strip-given-up = 打ち切り（そこまで観測）
strip-mean = 平均
strip-mean-restricted = 全試行を観測していた { $until } までに限った平均
strip-x = t0 からの復旧時間
strip-x-log = t0 からの復旧時間（対数目盛）
strip-figures = 平均 { $mean } · 試行 { $trials } 件、打ち切り { $lost } 件
strip-alt = 各試行の復旧時間を、比較対象ごとに 1 行の印で示します。
strip-alt-panel = { $scenario }：{ $rows }。
strip-alt-row = { $side }：{ $figures }
strip-column-trials = 判定された試行 (件)
strip-column-given-up = 打ち切り (件)
strip-column-mean = 平均 (ms、打ち切りがある場合は制限付き)
strip-column-least = 最短 (ms)
strip-column-most = 最長 (ms)

## 設定（heat_map、pareto）

sweep-mark-fails = KPI 不合格あり
sweep-column-marks = 備考
sweep-alt-chosen = 推奨：{ $setting }。

heat-title = 各設定の結果
heat-caption = 設定 { $n } 件。値は全試行の平均と割合。濃淡は各パネル内の最良から最悪まで
heat-caption-all = 設定 { $n } 件、すべて { $constant }。値は全試行の平均と割合。濃淡は各パネル内の最良から最悪まで
heat-best = 淡：パネル内で最良
heat-worst = 濃：最悪
heat-unit-requests = （リクエスト）
heat-not-run = 未実行
heat-default = 既定
heat-alt = 設定 { $n } 件を、横方向を { $flag } として指標ごとのパネルで示します。
heat-alt-best = { $group } の最良：{ $setting } で { $value }{ $others ->
        [0] { "" }
       *[other] （ほか { $others } 件が同値）
    }。

pareto-title = 復旧の速さとその代償
pareto-caption = 設定 { $n } 件。左ほど速く、下ほど代償が小さい
pareto-passes = 全 KPI 合格
pareto-undecided = 判定不能の KPI あり
pareto-front = パレートフロント：合格した設定のうち、両方で上回る合格設定がないもの
pareto-no-front = パレートフロントなし：合格した設定がない
pareto-on-front = パレートフロント上
pareto-x = 平均復旧時間
pareto-x-log = 平均復旧時間（対数目盛）
pareto-y-log = （対数目盛）
pareto-restarts = 復旧あたりの再起動回数
pareto-lost = 試行あたりの失われたグッドプット（リクエスト）
pareto-list = 設定
pareto-entry = { $setting }：{ $parts }
pareto-entry-recovery = { $value }
pareto-entry-restarts = 再起動 { $value }
pareto-entry-lost = 損失 { $value }
pareto-not-drawn-recovery = 図になし：復旧時間なし
pareto-not-drawn-cost = 図になし：再起動回数も失われたグッドプットも不明
pareto-alt = 設定 { $n } 件中 { $passing } 件が全 KPI に合格。
pareto-alt-front = 平均復旧時間と{ $cost }のパレートフロント上：{ $settings }。
pareto-column-recovery = 平均復旧時間 (ms)
pareto-column-restarts = 復旧あたりの再起動回数
pareto-column-lost = 試行あたりの失われたグッドプット (リクエスト)
pareto-column-front = パレートフロント上（対象）
