# スイープの推奨、その理由、判定できないこと。

sweep-kpi-auto_recovery_rate = 自動復旧成功率
sweep-kpi-state_resync_rate = State Resync 成功率
sweep-kpi-mean_recovery_time = 平均復旧時間
sweep-kpi-missed_alerts = 通知漏れ
sweep-kpi = { $kpi }は { $value }（基準 { $op } { $limit }、{ $scenario }）
sweep-kpi-no-data = { $kpi }はデータなし（基準 { $op } { $limit }、{ $scenario }）
sweep-worst-run = { $runs } 回の実行のうち最も悪い値
sweep-no-trial = 判定された試行がない

## 規則の各段階

sweep-none = すべての KPI を満たす設定がないため、推奨できる設定はありません。
sweep-none-shown = すべての KPI を満たすと示された設定がないため、推奨できる設定はありません。
sweep-chosen = { $setting } を推奨します。{ $runs } 回の実行・{ $trials } 件の試行ですべての KPI を満たしました。
sweep-only = { $all } 件の設定のうち、満たしたのはこれだけです。
sweep-fastest = すべての KPI を満たす { $passing } 件の設定のうち平均復旧時間が最短（{ $mean }）で、他はすべて遅いと判定されました。
sweep-fastest-with = すべての KPI を満たす { $passing } 件の設定のうち平均復旧時間が最短（{ $mean }）です。区別できない設定：{ $others }。
sweep-not-slower = すべての KPI を満たす { $passing } 件の設定のうち平均復旧時間が最短なのは { $fastest }（{ $least }）で、この設定（{ $mean }）はそれと区別できません。
sweep-fewest = その中で再起動が最も少なく、復旧 1 回あたり { $restarts } 回です。
sweep-no-more = その中で再起動が最も少ないのは { $fewest }（復旧 1 回あたり { $least } 回）で、この設定（{ $restarts } 回）はそれと区別できません。
sweep-simplest-planned = 計画どおりの設定なので、時間でも再起動でも区別できない { $others } より単純です。
sweep-simplest = 時間でも再起動でも区別できない { $others } より単純です（再試行が最も少ないか、先に並んでいます）。
sweep-unmet = { $setting } は KPI を満たしません：{ $unmet }。

## 計画どおりの設定

sweep-planned-absent = 計画どおりの設定（再試行 3 回、4 回目の失敗で通知）には完了した実行がありません。
sweep-planned-chosen = 計画どおりの設定（再試行 3 回、4 回目の失敗で通知）が推奨設定です（平均復旧時間 { $mean }）。
sweep-planned-unmet = 計画どおりの設定（再試行 3 回、4 回目の失敗で通知）は KPI を満たしません：{ $unmet }。
sweep-planned-open = 計画どおりの設定（再試行 3 回、4 回目の失敗で通知）がすべての KPI を満たすとは示されていません：{ $unmet }。
sweep-planned-slower = 計画どおりの設定（再試行 3 回、4 回目の失敗で通知）はすべての KPI を満たしますが、より遅いです（平均復旧時間 { $mean }）。
sweep-planned-more = 計画どおりの設定（再試行 3 回、4 回目の失敗で通知）はすべての KPI を満たし、最速の設定と区別できませんが、再起動がより多いです（復旧 1 回あたり { $restarts } 回）。
sweep-planned-passes = 計画どおりの設定（再試行 3 回、4 回目の失敗で通知）はすべての KPI を満たし、推奨設定と区別できません。

## データでは判定できないこと

sweep-open-faster = { $setting } の復旧が { $others } より速いか遅いか：ノイズを超える差は示されませんでしたが、差がない証明ではありません。
sweep-open-kpis = { $setting } がすべての KPI を満たすか：{ $kpis }。
sweep-open-rate = { $setting } の真の{ $kpi }が { $limit } 以上か：{ $trials } 件の試行が 95 % の信頼度で示すのは { $bound } 以上です（{ $scenario }）。
sweep-open-impossible = { $settings }（{ $count } 件）：最後の再試行の後の失敗を待って通知することになるため、どのバックエンドも受け付けません。
sweep-open-failed = { $setting }：{ $planned } 回の実行のうち { $runs } 回が失敗したか行われませんでした。
