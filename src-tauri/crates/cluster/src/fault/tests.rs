use super::*;

fn about() -> About {
    About { context: ContextId("#lab".into()), name: "lab".into(), server: "https://lab:6443".into() }
}

#[test]
fn a_fault_names_the_context_and_quotes_the_cause() {
    let fault = link(&about(), &LinkError::Refused { address: "lab:6443".into(), said: "Connection refused (os error 111)".into() });
    assert_eq!(fault.sentence, "KOS cannot connect to lab: nothing answers at lab:6443.");
    assert_eq!((fault.cause[0].source.as_str(), fault.cause[0].text.as_str()), ("https://lab:6443", "Connection refused (os error 111)"));
    assert_eq!(fault.fixes, [Fix::TryNow(ContextId("#lab".into()))]);
}

#[test]
fn a_proxy_is_blamed_for_what_the_proxy_did() {
    let fault = link(&about(), &LinkError::Proxy { proxy: "http://corp:3128".into(), said: "proxy authorization required".into() });
    assert_eq!(fault.cause[0].source, "http://corp:3128");
    assert!(fault.sentence.contains("the proxy http://corp:3128"));
}

#[test]
fn an_expired_certificate_says_whose_and_since_when() {
    let problem = CertificateProblem::Expired { subject: "CN=jo".into(), issuer: "CN=ca".into(), at: api::Timestamp(0) };
    for (side, whose) in [(Side::Server, "The server's certificate for lab has expired."), (Side::Ours, "Your client certificate for lab has expired.")] {
        let fault = link(&about(), &LinkError::Certificate { side, problem: problem.clone() });
        assert_eq!((fault.code, fault.sentence.as_str()), (FaultCode::Certificate, whose));
        assert_eq!(fault.cause[0].text, "CN=jo, issued by CN=ca, ended 1970-01-01T00:00:00Z");
    }
}

#[test]
fn a_missing_plugin_lists_where_it_was_looked_for() {
    let error = CredentialError::PluginNotFound { program: "aws".into(), searched: vec!["/usr/bin".into(), "/bin".into()], hint: "Install it".into() };
    let fault = link(&about(), &LinkError::Credentials(std::sync::Arc::new(error)));
    assert_eq!(fault.code, FaultCode::Plugin);
    assert_eq!(fault.cause.iter().map(|quote| quote.text.as_str()).collect::<Vec<_>>(), ["/usr/bin:/bin", "Install it"]);
}

#[test]
fn a_login_that_has_ended_is_told_from_a_program_that_failed() {
    for (said, code) in [
        ("Error when retrieving token from sso: Token has expired and refresh failed", FaultCode::SignIn),
        ("error: get-token: oauth2: \"invalid_grant\" \"Session not active\"", FaultCode::SignIn),
        ("Please run 'az login' to setup account.", FaultCode::SignIn),
        ("dial tcp: lookup sts.eu-west-1.amazonaws.com: no such host", FaultCode::Plugin),
        ("", FaultCode::Plugin),
    ] {
        let error = CredentialError::PluginFailed { program: "aws".into(), end: "code 255".into(), stderr: said.into() };
        assert_eq!(link(&about(), &LinkError::Credentials(std::sync::Arc::new(error))).code, code, "{said}");
    }
}

#[test]
fn a_missing_answer_leads_to_the_question() {
    let error = CredentialError::Untrusted { program: "/usr/bin/aws".into() };
    let fault = link(&about(), &LinkError::Credentials(std::sync::Arc::new(error)));
    assert_eq!((fault.code, fault.unharmed.as_str()), (FaultCode::Trust, "Nothing was run."));
    assert_eq!(fault.fixes, [Fix::AnswerTrust(ContextId("#lab".into()))]);
}

#[test]
fn a_file_that_would_be_sent_is_named_with_where_it_would_go() {
    let error = CredentialError::UntrustedFile { path: "/home/jo/.git-credentials".into() };
    let fault = link(&about(), &LinkError::Credentials(std::sync::Arc::new(error)));
    assert_eq!(fault.sentence, "To sign in to lab, KOS must read /home/jo/.git-credentials and send it to https://lab:6443, and asks you first.");
    assert_eq!((fault.code, fault.unharmed.as_str()), (FaultCode::TrustFile, "Nothing was read or sent."));
    assert_eq!(fault.fixes, [Fix::ReviewFile(ContextId("#lab".into()))]);
}

#[test]
fn an_auth_provider_that_kos_does_not_speak_is_not_called_removed() {
    let fault = link(&about(), &LinkError::Credentials(std::sync::Arc::new(CredentialError::Legacy { provider: "oidc".into() })));
    assert_eq!(fault.sentence, "KOS cannot sign in to lab: it does not speak auth-provider oidc. Use exec with kubelogin instead.");
    assert_eq!(fault.cause[0].text, "KOS does not speak auth-provider oidc");
}
