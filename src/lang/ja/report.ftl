# どの形式の報告書でも使う語句。

verdict-pass = 合格
verdict-fail = 不合格
verdict-inconclusive = 判定不能

headline-pass = システムはすべての合格ラインの範囲内で自己回復しました
headline-fail = 合格ラインを満たさない項目があります
headline-inconclusive = データからは判定できません

kpi-auto_recovery_rate = 自動復旧成功率
kpi-state_resync_rate = State Resync 成功率
kpi-mean_recovery_time = 平均復旧時間
kpi-missed_alerts = 通知漏れ

kpi-auto_recovery_rate-definition = システム自身の動作だけで復旧したエピソード ÷ 判定されたエピソード。連鎖障害は 1 件と数えます
kpi-state_resync_rate-definition = 状態が自力で期限内に完全に復元され、受理済みエントリの欠損も変化もなかったストア障害エピソード ÷ ストア障害エピソード
kpi-mean_recovery_time-definition = 障害の影響が始まってから、利用者が以前と同じようにサービスを受けられるまでの平均時間
kpi-missed_alerts-definition = 期待されたが期限までに届かなかった通知

outcome-recovered = 復旧
outcome-censored = 打ち切り
outcome-void = 無効
outcome-aborted = 中断

outcome-recovered-meaning = 障害前の状態に達し、それを維持しました
outcome-censored-meaning = 期限までに復旧しませんでした。失敗として数えます
outcome-void-meaning = 障害の影響が確認できませんでした。報告はしますが、成功とは数えません
outcome-aborted-meaning = 判定の前に中断されました。どの率にも含めません

run-completed = 完了
run-interrupted = 中断
run-aborted = ガードレールにより中止
run-failed = ハーネスのエラーにより終了

role-matched = 期待どおり（期限内）
role-late = 期待されたが遅延
role-duplicate = 重複
role-collateral = 付随
role-false = 誤報

phase-detect = 検知
phase-restart = 再起動
phase-ready = 準備完了
phase-restore = 状態復元
phase-recover = 回復

phase-detect-meaning = 障害の影響の開始 → 検知
phase-restart-meaning = 検知 → 再起動
phase-ready-meaning = 再起動 → 準備完了
phase-restore-meaning = 準備完了 → 状態の復元
phase-recover-meaning = これらの最後 → 利用者が以前と同じようにサービスを受けられるまで

phase-detect-of-stores = 障害の影響の開始 → バックエンドが気づくまで
phase-restart-of-stores = 気づいてから → ストアが再び受け付けるまで。ハーネスが起こし、終わらせる停止です
phase-ready-of-stores = 再び受け付けてから → バックエンドが応答を確認するまで
phase-restore-of-stores = 応答 → 状態の復元
phase-recover-of-stores = これらの最後 → 利用者が以前と同じようにサービスを受けられるまで
