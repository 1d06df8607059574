# 計画の合格基準。

## evidence.json、および report.md のその表

evidence-met = 達成
evidence-not-met = 未達成
evidence-not-tested = 未検証

evidence-kpi = シナリオ{ $letter }（{ $scenario }）：{ $kpi } { $line }
evidence-value = { $value }（{ $of } 件中 { $n } 件）
evidence-mean = { $value }（{ $of } 件の平均）
evidence-not-run = このシナリオは実行されていません。
evidence-not-declared = このシナリオはこの KPI で判定されていません。
evidence-looser-line = 計画とは異なる合格ラインで判定されています。
evidence-undecided = データからは判定できません。
evidence-undecided-because = データからは判定できません：{ $why }
evidence-interrupted = 実行は最後まで行われませんでした。

evidence-real-stores = シナリオ{ $letter }（{ $scenario }）：PostgreSQL と Redis を停止したこと
evidence-stores-both = { $stores }：判定された停止はデータベース { $database } 件、キャッシュ { $cache } 件です
evidence-stores-not-both = { $stores }：判定された停止はデータベース { $database } 件、キャッシュ { $cache } 件であり、両方が必要です
evidence-stores-unknown = 不明なストア
evidence-other-stores = この実行のストアは { $stores } でした。計画の対象は PostgreSQL と Redis です。

evidence-specification-retries = 恒久仕様の言語化：Retry 回数
evidence-specification-alert = 恒久仕様の言語化：通知ルール
evidence-specification-resync = 恒久仕様の言語化：State Resync 成功基準
evidence-specification-retries-from = この実行における、障害を起こしたモジュールの復旧 { $n } 件に基づきます。
evidence-specification-alert-from = この実行で期限内に届いた通知 { $n } 件に基づきます。
evidence-specification-resync-from = この実行におけるストア停止 { $n } 件に基づきます。
evidence-specification-nothing-measured = この実行では測定されていないため、計画の文言のままです。

evidence-logs = 証跡：ログと報告
evidence-logs-whole = ジャーナルは完全であり、報告書はそこから作成されました。
evidence-logs-unreadable = ジャーナルの { $n } 行を読み取れませんでした。
