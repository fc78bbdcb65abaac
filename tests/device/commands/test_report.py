def test_emotify_report_has_the_findings_and_no_names(emotify, configuration, account, spotify):
    status, out, _ = emotify("report", "--config", configuration)
    assert status == 0
    assert "== what the doctor finds" in out
    assert "account        logged in" in out
    assert spotify.client_id not in out
    assert "Living room" not in out
    assert "[mood] when_unsure" in out
