# 分析が実行について述べること：結果を弱めるもの、KPI が示すこと、エピソードで起きたこと。

## 注意：結果を弱めるもの

no-reason = 理由の記録なし
detail-unfinished = ジャーナルが `run_finished` なしで終わっている

caveat-ended = 実行は{ $how ->
    [interrupted] 中断されました
    [aborted] ガードレールにより終了しました
   *[failed] 続行できなくなりました
}（{ $detail }）。{ $verdict ->
    [inconclusive] そのため、判定は良くても「判定不能」です。
   *[other] {""}
}

caveat-few-trials = シナリオ { $scenario } の試行は { $trials } 回だけであり、率については多くを語れません。
caveat-no-kpi = シナリオ { $scenario } は KPI を宣言していないため、何も判定していません。
caveat-custom-kpis = プランファイルの KPI はこの実行の実測値であり、区間はありません。同じ障害のリクエストは一緒に失敗したり待たされたりするためです。待っている利用者はその間リクエストを送らないため、利用者の所要時間・エラー率・スループットはオープンループの値より良く見えます。可用性（カナリア）はオープンループです。
caveat-void = エピソード { $episode } は無効であり、どこにも数えません：{ $reason }。
caveat-aborted = エピソード { $episode } は中断され、どの率にも含めません：{ $reason }。
caveat-censored = エピソード { $episode } は t0 から { $deadline } 以内に復旧しませんでした。失敗として数え、平均復旧時間には含めません。
caveat-censored-because = エピソード { $episode } は t0 から { $deadline } 以内に復旧しませんでした（{ $reason }）。失敗として数え、平均復旧時間には含めません。

caveat-no-baseline = { $episodes } 件のエピソードには、比較の基準となるベースラインがありません。
caveat-short-baseline = { $episodes } 件のエピソードは、復旧の維持時間 { $hold } より短いベースラインと比較して判定しました（最短 { $length }）。
caveat-failing-baseline = 障害のない状態でも、成功したカナリアは { $share } だけでした。

caveat-no-store-fault = シナリオ { $scenario }：ストア障害は注入していません。ハーネスにはこの対象のストアを停止する手段がないため、State Resync を強制しただけです。
caveat-no-read-back = エピソード { $episodes }（{ $count } 件）の後に読み戻しを行っていないため、エントリの欠損があったかどうかは不明です。
caveat-not-compared = エピソード { $episodes }（{ $count } 件）の後にキャッシュとデータベースを比較していません。対象にそれを問い合わせる手段がないためです。
caveat-cache-differs = エピソード { $episode } の後、{ $sessions } 件のセッションでキャッシュとデータベースの内容が異なっていました。
caveat-cache-differs-of = エピソード { $episode } の後、{ $compared } 件中 { $sessions } 件のセッションでキャッシュとデータベースの内容が異なっていました。
caveat-cache-differs-at-end = 終了時、{ $sessions } 件のセッションでキャッシュとデータベースの内容が異なっていました。
caveat-lost = { $entries } 件のエントリが欠損しました（受理済みは { $acknowledged } 件）。
caveat-changed = { $entries } 件のエントリの内容が変わりました（受理済みは { $acknowledged } 件）。
caveat-never-read = { $entries } 件のエントリを読み戻せませんでした（受理済みは { $acknowledged } 件）。
caveat-unexpected = 送信していないエントリを { $entries } 件読み出しました（受理済みは { $acknowledged } 件）。

caveat-clock-ahead = 対象の時計はこちらの時計より少なくとも { $least } 進んでいます。こちらが知った時点よりも後の時刻が記録されているためです。バックエンドの申告はその分ずれており、t0 とフェーズもずれている可能性があります。
caveat-clock-behind = 対象の時計はこちらの時計より少なくとも { $least } 遅れています。プロセスの終了が、それを引き起こした障害よりも前の時刻で記録されているためです。バックエンドの申告はその分ずれており、t0 とフェーズもずれている可能性があります。
caveat-clock-remote = 対象（{ $host }）はループバック上にありません。バックエンドの申告の時刻は、こちらの時計と一致しない可能性のある時計によるものであり、t0 とフェーズはその差だけずれている可能性があります。
caveat-threshold = goose のしきい値 { $rule } を満たしませんでした（観測値：{ $observed }）。
caveat-load-goes-on = { $option } は適用していません。負荷は最後のエピソードが終わるまで続きます。
caveat-load-may-end = { $option } は goose 自身が読み取ったため、最後のエピソードより前に負荷が終わることがあります。その時点で進行中のものは中断になります。
caveat-judged-at-the-end = { $option } は終了時にのみ判定しました。停止中にしきい値を外れると、それを測る実行自体が終わってしまうためです。
caveat-may-end-in-an-outage = { $option } は、指定どおり、停止中に負荷を終わらせることがあります。その時点で進行中のものは中断になります。
caveat-aligned = { $requests } 件のリクエストは goose 自身のログから取り込みました。ログの開始時刻はミリ秒単位で、終了は応答ヘッダーの受信時です。実行の時計上でのずれは最大 { $max } です（開始が正確に分かる { $compared } 件で測定）。
caveat-misaligned = { $requests } 件のリクエストは goose 自身のログから取り込みましたが、実行の時計上で最大 { $max } ずれています（開始が正確に分かる { $compared } 件で測定）。ログの丸めを超えており、マシンの処理時間が不足していました。利用者への影響はその分だけ不確かです。
caveat-not-compared-starts = { $requests } 件のリクエストは goose 自身のログから取り込みました。ログの開始時刻はミリ秒単位で、実行の時計上でのずれは測定していません。
caveat-unreadable-log = goose のリクエストログの { $lines } 行を読めませんでした。
caveat-clock-measured = 対象の時計は{ $side ->
    [same] こちらの時計との差が認められません
    [ahead] こちらの時計より { $offset } 進んでいます
   *[other] こちらの時計より { $offset } 遅れています
}（往復 { $samples } 回による推定、誤差は最大 { $uncertainty }）。対象が記録した時刻はその分補正されており、その時刻で始まるか終わるフェーズには同じだけの不確かさがあります。
caveat-lag = { $thread } スレッドの起床が遅れました：99 パーセンタイルで { $p99 }、最大 { $max }。
caveat-journal-stalls = 利用者がジャーナルの書き込みを { $times } 回、合計 { $sum } 待ちました。負荷は計画より少なくなっています。
caveat-unreadable-lines = ジャーナルの { $lines } 行を読めませんでした。
caveat-late-probes = { $probes } 件のプローブは到着が遅すぎ、順序どおりに判定できませんでした。
caveat-undecided-alerts = 期待された通知 { $alerts } 件の期限より前に実行が終わりました。これらはどこにも数えません。
caveat-no-probes = カナリアまたはヘルスチェックがありません。これらなしには復旧を示せません。
caveat-debug-build = ハーネスはデバッグビルドです。マシンへの負荷は大きく、対象への負荷は小さくなります。

## KPI の注記：値が示すことと示さないこと

kpi-note-unknown = このバージョンの知らない KPI のため、何も示せません
kpi-note-undecided = 判定されたエピソードがないため、何も示せません
kpi-note-at-least = { $of } 件中 { $n } 件：少なくとも { $bound }（信頼度 95 %、片側）
kpi-note-at-most = { $of } 件中 { $n } 件：多くとも { $bound }（信頼度 95 %、片側）
kpi-note-would-show = { $needed } 件中 { $needed } 件であれば { $limit } を示せます
kpi-note-over = 対象時間 { $length }（区間 { $stretches } 個）
kpi-note-no-sample = その段階で始まった対象のサンプルがないため、何も示せません
kpi-note-too-few = サンプル { $samples } 件では示せません。{ $least } 件が必要です
kpi-note-too-short = { $length } ではスループットを示せません。{ $least } が必要です
kpi-note-void = 無効の { $trials } 件を除外
kpi-note-aborted = 中断の { $trials } 件を除外

kpi-note-none-recovered = 復旧した{ $kind ->
    [trial] 試行
   *[episode] エピソード
}がありません
kpi-note-mean = 復旧した{ $kind ->
    [trial] 試行
   *[episode] エピソード
} { $trials } 件の平均 { $mean }、95 % 信頼区間 { $low } ～ { $high }
kpi-note-mean-of-few = 復旧した{ $kind ->
    [trial] 試行
   *[episode] エピソード
} { $trials } 件の平均 { $mean }。{ $least } 件未満では平均の区間を求められません
kpi-note-censored = 打ち切りが { $censored } 件あるため、真の平均は少なくとも { $least } です

kpi-note-no-alert-source = 通知を受信できなかったため、何も示せません
kpi-note-no-alert-expected = 期待された通知がないため、何も示せません
kpi-note-missed = 期待された通知 { $expected } 件中 { $missed } 件が通知漏れ
kpi-note-late = そのうち { $late } 件は遅れて到着
kpi-note-missed-bound = 長期的には最大 { $bound } の通知漏れを否定できません（片側 95 %）

kpi-note-no-store-hit = ストアに障害を与えていないため、何も示せません
kpi-note-no-store-decided = 判定されたストア障害エピソードがないため、何も示せません
kpi-note-state = エピソード { $episodes } 件：{ $reason }
kpi-note-only-forced = その後に成功した強制 State Resync { $resyncs } 件では埋め合わせになりません

## 状態：自力で完全に戻らなかった理由、またはそれが不明な理由

state-damaged = 受理済みエントリが欠損したか、内容が変わった
state-unread = 受理済みエントリを読み戻せなかった
state-cache-differs = キャッシュとデータベースの内容が一致しない
state-no-events = バックエンドがイベントを提供せず、State Resync が自動で行われたかどうか不明
state-forced-early = 自動で行うための猶予が過ぎる前に、強制 State Resync が始まった
state-no-resync = 期限内に成功した自動 State Resync がない
state-not-whole = 期限内に、強制 State Resync なしでは、状態が完全に戻らなかった
state-no-read-back = 読み戻しを行っておらず、エントリの欠損があったかどうか不明

## 備考：エピソードが判定されなかった理由、または復旧しなかった理由

remark-stopping-already = バックエンドがすでにそのモジュールを停止させていた
remark-never-confirmed = 障害の影響が最後まで確認されなかった
remark-ended-unconfirmed = 影響が確認される前に実行が終わった
remark-no-baseline = 障害の前にベースラインを測定しておらず、復旧を判定できない
remark-superseded = 復旧前かつ期限前に、同じ対象に次の障害が起きた
remark-ended-undecided = 復旧前かつ期限前に実行が終わった
remark-late = t0 から { $after } 後に到達し、維持した
remark-gave-up = { $failures ->
    [0] {""}
   *[other] { $failures } 回連続の失敗の後、
}バックエンドが { $module } の復旧を断念した
remark-gave-up-by-policy = { $failures ->
    [0] {""}
   *[other] { $failures } 回連続の失敗の後、
}バックエンドが { $module } の復旧を断念した（ポリシーは max_retries { $retries } まで）

## エピソードのイベント。ここにない語はバックエンド自身の語であり、そのまま示します。

event-process = { $name }（pid { $pid }）
event-store = { $store ->
    [database] データベース
    [cache] キャッシュ
   *[other] { $store }
}
event-fault = { $fault ->
    [kill] { $target }に SIGKILL を送信
    [pause] { $target }に SIGSTOP を送信
    [crash-loop] { $target }と、その後を継ぐ各プロセスに SIGKILL を送信
    [restart] { $target }の再起動を要求
    [store-kill] { $target }とそのすべての子孫プロセスに SIGKILL を送信
    [store-pause] { $target }とそのすべての子孫プロセスに SIGSTOP を送信
    [store-stop] { $target }の通常停止を開始
    [store-lock] { $target }の排他ロックを要求
   *[other] { $target }に { $fault } を注入
}
event-fault-ended = 障害の終了{ $fault ->
    [pause] ：ハーネスが{ $target }を再開
    [crash-loop] ：{ $target }への最後の SIGKILL の効果を確認
   *[other] {""}
}
event-store-fault-ended = 障害の終了：{ $target }が再び受け付けを開始
event-proven = 影響を確認：{ $evidence }
event-not-proven = 影響を確認できず：{ $reason }
event-undo = 障害の解除を開始

event-backend = バックエンド：{ $kind ->
    [spawned] { $module }を起動
    [spawn_failed] { $module }を起動できず
    [ready] { $module }が準備完了
    [stable] { $module }が安定
    [exited] { $module }の終了を検知
    [hung] { $module }のハングを検知
    [start_timeout] { $module }が時間内に準備完了せず
    [backoff] { $module }の再起動を待機
    [stopping] { $module }に停止を要求
    [gave_up] { $module }の復旧を断念
    [restart_requested] { $module }の再起動の要求を受理
    [policy_changed] ポリシーを変更
    [store_down] { $module }の障害を検知
    [store_up] { $module }が再び応答
    [stores_restored] 状態が完全に復元
    [resync_started] State Resync を開始
    [resync_finished] State Resync が終了
   *[other] { $module } { $kind }
}
event-attempt = { $what }、試行 { $attempt } 回目
event-cause = { $what }（{ $cause ->
    [crash] クラッシュ
    [hung] ハング
    [start_timeout] 時間内に準備完了せず
    [dependency] 依存先の停止
    [dependency_lost] 依存先が無応答
    [operator] オペレーターの要求
    [shutdown] シャットダウン
   *[other] { $cause }
}）
event-resync-started = バックエンド：{ $trigger ->
    [automatic] 自動
    [requested] 要求による
   *[other] { $trigger }
} State Resync を開始
event-resync-finished = バックエンド：{ $trigger ->
    [automatic] 自動
    [requested] 要求による
   *[other] { $trigger }
} State Resync が { $took } で{ $outcome ->
    [succeeded] 成功
    [failed] 失敗
   *[other] {" "}{ $outcome }
}：再生 { $replayed } 件、再構築 { $rebuilt } 件、修復 { $repaired } 件、不一致 { $mismatches } 件
event-health-page = ヘルスページ：{ $module }は{ $status ->
    [healthy] 正常
    [ready] 準備完了
    [running] 実行中
    [ok] 正常
    [up] 稼働中
    [starting] 起動中
    [stopping] 停止中
    [backoff] 再起動待ち
    [degraded] 一部異常
    [unhealthy] 異常
    [failed] 復旧断念
    [down] 停止
   *[other] {" "}{ $status }
}

event-scripted = スクリプト：{ $what }
event-from-outside = 外部からの操作：{ $what }
event-answered = { $what } → 応答 { $status }
event-held = 読み戻しのため利用者を停止
event-read-back = 読み戻し：受理済みエントリ { $acknowledged } 件のうち、新たな欠損または変化 { $damaged } 件、読み戻し不可 { $unread } 件
event-read-back-compared = 読み戻し：受理済みエントリ { $acknowledged } 件のうち、新たな欠損または変化 { $damaged } 件、読み戻し不可 { $unread } 件。キャッシュとデータベースの不一致はセッション { $compared } 件中 { $differ } 件
event-alert = { $module } の通知 { $kind } が到着（+{ $delay }）：{ $role ->
    [matched] 期待どおり
    [late] 遅延
    [duplicate] 重複
    [collateral] 付随
   *[false] 期待外
}

event-recovered = { $recovery } で復旧
event-recovered-since = { $recovery } で復旧（障害の終了から { $since }）
event-censored = 期限までに復旧せず
event-censored-because = 期限までに復旧せず：{ $reason }
event-aborted = 中断：{ $reason }
event-void = 無効：{ $reason }
