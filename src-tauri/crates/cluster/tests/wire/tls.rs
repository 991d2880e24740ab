//! Which servers are believed, and what is said of the others?

use std::sync::Arc;

use cluster::dial::{Dial, Network, classify};
use cluster::failure::{CertificateProblem, Heals, LinkError, Side};
use kubeconfig::target::{Material, Pair, Target, Tls};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rstest::rstest;
use rustls::pki_types::PrivateKeyDer;
use secret::Secret;

use crate::fakes::{bare_network, target};
use crate::server::{Server, healthy};

/// A certificate authority of one test.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) pem: String,
}

/// How a certificate differs from a good one.
#[derive(Clone, Copy)]
pub(crate) enum Flaw {
    None,
    Expired,
    NotYetValid,
    OtherName,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "test-ca");
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    fn sign(&self, name: &str, flaw: Flaw) -> (rcgen::Certificate, KeyPair) {
        let host = match flaw {
            Flaw::OtherName => "other.example.com",
            Flaw::None | Flaw::Expired | Flaw::NotYetValid => "127.0.0.1",
        };
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.distinguished_name.push(DnType::OrganizationName, "eng");
        match flaw {
            Flaw::Expired => params.not_after = date_time_ymd(2020, 1, 2),
            Flaw::NotYetValid => params.not_before = date_time_ymd(2090, 1, 2),
            Flaw::None | Flaw::OtherName => {}
        }
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// A server that asks for a client certificate of this authority and also serves without one.
    pub(crate) fn server(&self, flaw: Flaw) -> rustls::ServerConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let (certificate, key) = self.sign("server", flaw);
        let mut roots = rustls::RootCertStore::empty();
        let own = rustls::pki_types::pem::PemObject::from_pem_slice(self.pem.as_bytes()).unwrap();
        roots.add(own).unwrap();
        let clients = rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).allow_unauthenticated();
        rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(clients.build().unwrap())
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap()
    }

    pub(crate) fn client(&self, flaw: Flaw) -> Pair {
        let (certificate, key) = self.sign("jo", flaw);
        Pair { certificate: Material::Data(Secret::new(certificate.pem())), key: Material::Data(Secret::new(key.serialize_pem())) }
    }

    pub(crate) fn trusted(&self, server_name: Option<&str>) -> Tls {
        Tls::Verified { ca: Some(Material::Data(Secret::new(self.pem.clone()))), server_name: server_name.map(str::to_owned) }
    }
}

/// Asks for the version once.
pub(crate) async fn ask(network: &Network, target: &Target) -> Result<u16, LinkError> {
    let dialled = network.dial(target).await?;
    let request = http::Request::get("/version").body(kube::client::Body::empty()).unwrap();
    dialled.client.send(request).await.map(|answer| answer.status().as_u16()).map_err(|error| classify(&target.server, &error))
}

async fn serve(authority: &Authority, flaw: Flaw) -> (Server, String) {
    let server = Server::secure(authority.server(flaw), |seen, _| healthy(seen)).await;
    let url = format!("https://{}", server.address);
    (server, url)
}

#[tokio::test]
async fn an_authority_has_one_name_wherever_it_is_kept_and_another_has_another() {
    let (one, other) = (Authority::new(), Authority::new());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.crt");
    std::fs::write(&path, &one.pem).unwrap();
    let in_file = Tls::Verified { ca: Some(Material::File(path)), server_name: None };
    let name = cluster::dial::authority(&one.trusted(None)).await;
    assert!(name.is_some());
    assert_eq!(cluster::dial::authority(&in_file).await, name);
    assert_ne!(cluster::dial::authority(&other.trusted(None)).await, name);
    for nobody in [Tls::Off, Tls::NotVerified { server_name: None }, Tls::Verified { ca: None, server_name: None }] {
        assert_eq!(cluster::dial::authority(&nobody).await, None);
    }
}

#[tokio::test]
async fn a_server_of_the_entry_s_authority_is_believed() {
    let authority = Authority::new();
    let (server, url) = serve(&authority, Flaw::None).await;
    let entry = Target { tls: authority.trusted(None), ..target(&url) };
    assert_eq!(ask(&bare_network(), &entry).await, Ok(200));
    assert!(!server.log()[0].with_certificate);
}

#[rstest]
#[case(Flaw::Expired, |p: &CertificateProblem| matches!(p, CertificateProblem::Expired { subject, issuer, .. } if subject.contains("CN=server") && issuer.contains("CN=test-ca")))]
#[case(Flaw::NotYetValid, |p: &CertificateProblem| matches!(p, CertificateProblem::NotYetValid { from, .. } if from.0 == 3786998400000))]
#[case(Flaw::OtherName, |p: &CertificateProblem| matches!(p, CertificateProblem::WrongName { wanted, valid_for } if wanted == "127.0.0.1" && valid_for[0].contains("other.example.com")))]
#[tokio::test]
async fn a_server_with_a_bad_certificate_gets_no_request(#[case] flaw: Flaw, #[case] wanted: fn(&CertificateProblem) -> bool) {
    let authority = Authority::new();
    let (server, url) = serve(&authority, flaw).await;
    let entry = Target { tls: authority.trusted(None), ..target(&url) };
    match ask(&bare_network(), &entry).await {
        Err(LinkError::Certificate { side: Side::Server, problem }) => assert!(wanted(&problem), "{problem:?}"),
        other => panic!("{other:?}"),
    }
    assert!(server.log().is_empty());
}

#[tokio::test]
async fn a_server_of_another_authority_gets_no_request() {
    let (server, url) = serve(&Authority::new(), Flaw::None).await;
    let entry = Target { tls: Authority::new().trusted(None), ..target(&url) };
    let refused = ask(&bare_network(), &entry).await;
    assert!(matches!(refused, Err(LinkError::Certificate { side: Side::Server, problem: CertificateProblem::UnknownIssuer { .. } })), "{refused:?}");
    assert!(server.log().is_empty());
}

#[tokio::test]
async fn the_name_of_the_entry_is_what_is_checked() {
    let authority = Authority::new();
    let (_server, url) = serve(&authority, Flaw::OtherName).await;
    let entry = Target { tls: authority.trusted(Some("other.example.com")), ..target(&url) };
    assert_eq!(ask(&bare_network(), &entry).await, Ok(200));
}

#[tokio::test]
async fn an_unverified_server_is_talked_to_whatever_it_shows() {
    let (_server, url) = serve(&Authority::new(), Flaw::Expired).await;
    assert_eq!(ask(&bare_network(), &target(&url)).await, Ok(200));
}

#[tokio::test]
async fn a_client_certificate_is_presented_and_says_who_we_are() {
    let authority = Authority::new();
    let (server, url) = serve(&authority, Flaw::None).await;
    let mut entry = Target { tls: authority.trusted(None), ..target(&url) };
    entry.identity.certificate = Some(authority.client(Flaw::None));
    let dialled = bare_network().dial(&entry).await.unwrap();
    let known = dialled.credentials.known();
    assert_eq!(known.identity, Some(api::contexts::Identity { user: "jo".into(), groups: vec!["eng".into()] }));
    assert!(known.expires.is_some());
    assert_eq!(ask(&bare_network(), &entry).await, Ok(200));
    assert!(server.log()[0].with_certificate);
}

#[tokio::test]
async fn an_expired_certificate_of_ours_is_named_before_anybody_is_contacted() {
    let authority = Authority::new();
    let (server, url) = serve(&authority, Flaw::None).await;
    let mut entry = Target { tls: authority.trusted(None), ..target(&url) };
    entry.identity.certificate = Some(authority.client(Flaw::Expired));
    let refused = ask(&bare_network(), &entry).await;
    assert!(matches!(&refused, Err(LinkError::Credentials(why)) if why.to_string().contains("expired")), "{refused:?}");
    assert!(server.log().is_empty());
}

#[tokio::test]
async fn a_new_authority_file_is_believed_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (Authority::new(), Authority::new());
    let path = folder.path().join("ca.crt");
    std::fs::write(&path, &first.pem).unwrap();
    let (_server, url) = serve(&second, Flaw::None).await;
    let entry = Target { tls: Tls::Verified { ca: Some(Material::File(path.clone())), server_name: None }, ..target(&url) };
    let dialled = bare_network().dial(&entry).await.unwrap();
    let version = || http::Request::get("/version").body(kube::client::Body::empty()).unwrap();
    assert!(dialled.client.send(version()).await.is_err());
    // Another inode, so that the change is seen whatever the clock of the file system.
    std::fs::write(folder.path().join("new"), &second.pem).unwrap();
    std::fs::rename(folder.path().join("new"), &path).unwrap();
    assert_eq!(dialled.client.send(version()).await.unwrap().status(), 200);
}

/// Whether a first try with this entry fails in a way that the next try may heal.
async fn is_tried_again(entry: &Target) -> bool {
    let asked = ask(&bare_network(), entry).await;
    matches!(asked.unwrap_err().heals(), Heals::WithTime { .. })
}

#[tokio::test]
async fn an_authority_file_that_is_being_written_stops_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new();
    let path = folder.path().join("ca.crt");
    std::fs::write(&path, &authority.pem).unwrap();
    let (_server, url) = serve(&authority, Flaw::None).await;
    let entry = Target { tls: Tls::Verified { ca: Some(Material::File(path.clone())), server_name: None }, ..target(&url) };
    let dialled = bare_network().dial(&entry).await.unwrap();
    std::fs::write(&path, &authority.pem[..40]).unwrap();
    let version = http::Request::get("/version").body(kube::client::Body::empty()).unwrap();
    assert_eq!(dialled.client.send(version).await.unwrap().status(), 200);
    assert!(is_tried_again(&entry).await);
}

#[tokio::test]
async fn a_client_certificate_that_is_replaced_file_by_file_is_used_whole() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let (server, url) = serve(&authority, Flaw::None).await;
    let path = |name: &str| folder.path().join(name);
    // Another inode, so that the change is seen whatever the clock of the file system.
    let put = |name: &str, text: String| {
        std::fs::write(path("new"), text).unwrap();
        std::fs::rename(path("new"), path(name)).unwrap();
    };
    let [(old, old_key), (new, new_key)] = ["jo", "ann"].map(|name| authority.sign(name, Flaw::None));
    put("crt", old.pem());
    put("key", old_key.serialize_pem());
    let mut entry = Target { tls: authority.trusted(None), ..target(&url) };
    entry.identity.certificate = Some(Pair { certificate: Material::File(path("crt")), key: Material::File(path("key")) });
    let dialled = bare_network().dial(&entry).await.unwrap();
    let user = async || {
        let version = http::Request::get("/version").body(kube::client::Body::empty()).unwrap();
        assert_eq!(dialled.client.send(version).await.unwrap().status(), 200);
        dialled.credentials.known().identity.map(|identity| identity.user)
    };
    assert_eq!(user().await.as_deref(), Some("jo"));
    put("crt", new.pem());
    assert_eq!(user().await.as_deref(), Some("jo"), "its key is not there yet");
    assert!(is_tried_again(&entry).await, "who has no pair yet waits for the key");
    put("key", new_key.serialize_pem());
    assert_eq!(user().await.as_deref(), Some("ann"));
    assert!(server.log().iter().all(|seen| seen.with_certificate));
}
