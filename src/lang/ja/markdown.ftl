# report.md と CI の表示。
