use api::{
    Fault, FaultCode,
    local::{Access, ImageIs, ProviderVersions},
};

use super::*;

fn workload() -> ClusterForm {
    ClusterForm {
        namespace: "default".into(),
        name: "lab-a".into(),
        class: api::drawing::ClassName { namespace: "default".into(), name: "kos-docker".into() },
        version: "v1.36.1".into(),
        control_planes: 1,
        pools: vec![],
        network: Default::default(),
        pod_range: "192.168.0.0/16".into(),
        service_range: "10.128.0.0/12".into(),
        variables: Default::default(),
        yaml: None,
    }
}

fn draft() -> Draft {
    Draft::new(Suggestion {
        spec: ManagementSpec {
            name: "kos-mgmt".into(),
            kubernetes: "v1.36.1".into(),
            control_planes: 1,
            workers: 0,
            api_port: None,
            docker_socket: SocketMount::Mounted { host_path: "/var/run/docker.sock".into() },
            providers: ProviderVersions {
                core: "v1.14.0".into(),
                kubeadm_bootstrap: "v1.14.0".into(),
                kubeadm_control_plane: "v1.14.0".into(),
                docker: Some("v1.14.0".into()),
            },
            wait_seconds: 300,
            ports: vec![],
            mounts: vec![],
            network: NetworkPlugin::Kindnet,
            purpose: Purpose::Manages,
            workload: None,
        },
        workload: workload(),
        images: vec![NodeImage { kubernetes: "v1.36.1".into(), image: "kindest/node:v1.36.1".into(), is: ImageIs::Here { bytes: None } }],
    })
}

fn wrong(edit: Edit) -> Vec<String> {
    draft().edited(edit).wrongs(&["lab-a".into()]).into_iter().map(|w| format!("{}: {}", w.field, w.sentence)).collect()
}

#[test]
fn a_workload_cluster_is_chosen_follows_the_version_and_is_there_again_when_chosen_again() {
    let with = draft().edited(Edit::OnIt(OnIt::Cluster));
    assert_eq!((draft().spec.workload, with.spec.workload.as_ref()), (None, Some(&workload())));
    let newer = with.edited(Edit::Kubernetes("v1.36.4".into()));
    assert_eq!(newer.spec.workload.as_ref().map(|form| form.version.as_str()), Some("v1.36.4"));
    let named = newer.edited(Edit::Workload(Box::new(ClusterForm { name: "lab-b".into(), version: "v1.35.8".into(), ..workload() })));
    let kept = named.edited(Edit::Kubernetes("v1.36.1".into()));
    assert_eq!(kept.spec.workload.as_ref().map(|form| form.version.as_str()), Some("v1.35.8"), "a version of its own stays");
    let without = kept.edited(Edit::OnIt(OnIt::Nothing));
    assert_eq!(without.spec.workload, None);
    assert_eq!(without.edited(Edit::OnIt(OnIt::Cluster)).spec.workload.map(|form| form.name), Some("lab-b".into()));
}

#[test]
fn without_a_network_or_the_socket_no_workload_cluster_can_be_made() {
    for edit in [Edit::Network(NetworkPlugin::NotInstalled), Edit::Socket(SocketMount::NotMounted)] {
        let draft = draft().edited(Edit::OnIt(OnIt::Cluster)).edited(edit);
        assert!(!draft.can_hold() && draft.spec.workload.is_none(), "{draft:?}");
    }
    assert!(draft().can_hold());
}

#[test]
fn a_suggestion_has_nothing_wrong() {
    assert_eq!(draft().wrongs(&[]), []);
}

#[test]
fn a_name_says_what_it_may_not_have() {
    assert_eq!(wrong(Edit::Name("Lab".into())), ["name: A name has small letters, digits and hyphens, not “L”."]);
    assert_eq!(wrong(Edit::Name("lab b".into())), ["name: A name has small letters, digits and hyphens, not a space."]);
    assert_eq!(wrong(Edit::Name("-lab".into())), ["name: A name begins and ends with a letter or a digit."]);
    assert_eq!(wrong(Edit::Name(String::new())), ["name: A name is needed."]);
    assert_eq!(wrong(Edit::Name("lab-a".into())), ["name: A cluster called lab-a is already on this machine."]);
    assert_eq!(wrong(Edit::Name("x".repeat(49))), Vec::<String>::new());
    assert_eq!(wrong(Edit::Name("x".repeat(50))), ["name: A name has at most 49 characters here, this one has 50: kind adds -control-plane to it."]);
}

#[test]
fn a_name_has_less_room_before_a_load_balancer() {
    let said = |length: usize| draft().edited(Edit::ControlPlanes(3)).edited(Edit::Name("x".repeat(length))).wrongs(&[]);
    assert_eq!(said(40), []);
    let sentence = "A name has at most 40 characters here, this one has 41: kind adds -external-load-balancer to it.".to_owned();
    assert_eq!(said(41), [Wrong { field: field::NAME, sentence }]);
}

#[test]
fn a_port_that_is_no_port_keeps_what_was_typed() {
    let draft = draft().edited(Edit::Port("64x".into()));
    assert_eq!((draft.port.as_str(), draft.spec.api_port), ("64x", None));
    assert_eq!(draft.wrongs(&[]).len(), 1);
    assert_eq!(port("80"), Err("A port is a number from 1024 to 65535.".into()));
    assert_eq!(port(" 41873 "), Ok(Some(41873)));
    assert_eq!(port(""), Ok(None));
}

#[test]
fn without_the_socket_there_is_no_docker_provider() {
    assert_eq!(draft().edited(Edit::Socket(SocketMount::NotMounted)).spec.providers.docker, None);
}

#[test]
fn the_docker_provider_comes_back_with_the_socket() {
    let without = draft().edited(Edit::Socket(SocketMount::NotMounted));
    let again = without.edited(Edit::Socket(SocketMount::Mounted { host_path: "/var/run/docker.sock".into() }));
    assert_eq!(again.spec.providers.docker.as_deref(), Some("v1.14.0"));
}

fn port_line(host: &str, node: &str) -> PortText {
    PortText { host: host.into(), node: node.into(), ..PortText::blank() }
}

#[test]
fn a_line_of_ports_counts_when_both_are_numbers() {
    let draft = draft().edited(Edit::Ports(vec![port_line("8080", "80"), port_line("81x", "81")]));
    assert_eq!(draft.spec.ports.iter().map(|p| (p.host_port, p.node_port)).collect::<Vec<_>>(), [(8080, 80)]);
    assert_eq!((draft.ports[1].host.as_str(), draft.wrongs(&[])[0].field), ("81x", field::PORTS));
    assert_eq!(wrong(Edit::Ports(vec![PortText::blank()])), ["ports: Each line names two ports, numbers from 1 to 65535."]);
    assert_eq!(wrong(Edit::Ports(vec![port_line("80", "80")])), Vec::<String>::new());
}

#[test]
fn a_mount_names_two_whole_paths() {
    let mount = |host: &str, node: &str| vec![ExtraMount { host_path: host.into(), node_path: node.into(), access: Access::ReadOnly }];
    assert_eq!(wrong(Edit::Mounts(mount("charts", "/charts"))), ["mounts: Each line names two whole paths, from the first slash on."]);
    assert_eq!(wrong(Edit::Mounts(mount("/srv/charts", "/charts"))), Vec::<String>::new());
}

#[test]
fn a_configuration_that_was_read_back_fills_every_field() {
    let mut spec = draft().spec;
    spec.api_port = Some(41_873);
    spec.ports = vec![PortMapping { host_port: 8080, node_port: 80, protocol: Protocol::Udp, listen: Listen::Everywhere }];
    spec.network = NetworkPlugin::NotInstalled;
    let draft = draft().edited(Edit::Port("64x".into())).edited(Edit::Whole(Box::new(spec.clone())));
    assert_eq!((draft.port.as_str(), draft.ports[0].host.as_str(), draft.ports[0].protocol), ("41873", "8080", Protocol::Udp));
    assert_eq!((draft.spec.clone(), draft.wrongs(&[])), (spec, vec![]));
}

#[test]
fn a_configuration_that_the_form_cannot_take_names_its_first_line() {
    let line = |line, sentence: &str| WrongLine { line, sentence: sentence.into() };
    assert_eq!(config_trouble(&[]), None);
    let one = config_trouble(&[line(4, "No.")]).map(|w| w.sentence);
    assert_eq!(one.as_deref(), Some("Line 4: No."));
    let two = config_trouble(&[line(4, "No."), line(9, "Nor this.")]).map(|w| w.sentence);
    assert_eq!(two.as_deref(), Some("Line 4: No. 1 more line below."));
}

#[test]
fn a_version_without_three_numbers_is_refused() {
    assert_eq!(wrong(Edit::Core("1.14".into())), ["providers: A version looks like v1.14.0, not “1.14”."]);
    assert_eq!(wrong(Edit::Core("v1.14.0-rc.1".into())), Vec::<String>::new());
}

fn plan(obstacles: Vec<Obstacle>) -> PlanView {
    PlanView {
        title: Default::default(),
        sentence: String::new(),
        steps: vec![],
        commands: vec![],
        files: vec![],
        obstacles,
        learned_from: 0,
        docker: String::new(),
        seen: String::new(),
    }
}

fn obstacle(severity: Severity, field: &str) -> Obstacle {
    Obstacle { severity, field: field.into(), why: Fault::new(FaultCode::Invalid, "No.") }
}

#[test]
fn only_what_makes_a_plan_unusable_keeps_it_from_starting() {
    assert_eq!(hindrance(&[], Some(&plan(vec![obstacle(Severity::Risk, "name")]))), None);
    assert_eq!(hindrance(&[], Some(&plan(vec![obstacle(Severity::Unusable, "name")]))), Some("1 thing stands in the way.".into()));
    assert_eq!(hindrance(&[], None), Some("The plan is on its way.".into()));
    assert_eq!(hindrance(&draft().edited(Edit::Name(String::new())).wrongs(&[]), None), Some("1 field needs a change.".into()));
}

#[test]
fn an_obstacle_of_an_unknown_field_belongs_to_the_whole_plan() {
    let plan = plan(vec![obstacle(Severity::Risk, "name"), obstacle(Severity::Risk, ""), obstacle(Severity::Risk, "memory")]);
    assert_eq!(obstacles_of(&plan, Some(field::NAME)).len(), 1);
    assert_eq!(obstacles_of(&plan, None).len(), 2);
}

#[test]
fn a_plain_cluster_needs_no_socket_and_holds_nothing_until_it_manages_again() {
    let plain = draft().edited(Edit::OnIt(OnIt::Cluster)).edited(Edit::Purpose(Purpose::Plain));
    assert_eq!((&plain.spec.docker_socket, &plain.spec.providers.docker, &plain.spec.workload), (&SocketMount::NotMounted, &None, &None));
    assert!(!plain.can_hold());
    let again = plain.edited(Edit::Purpose(Purpose::Manages));
    assert_eq!((again.spec.docker_socket.clone(), again.spec.providers.docker.as_deref()), (draft().spec.docker_socket, Some("v1.14.0")));
    assert!(again.can_hold());
}

#[test]
fn a_form_that_was_left_opens_for_the_kind_that_is_asked_for_and_is_else_as_it_was() {
    let left = || draft().edited(Edit::Name("second".into())).edited(Edit::Socket(SocketMount::NotMounted));
    for asked in [None, Some(Purpose::Manages)] {
        assert_eq!(left().again(asked), left(), "{asked:?}");
    }
    let plain = left().again(Some(Purpose::Plain));
    assert_eq!((plain.spec.name.as_str(), plain.spec.purpose), ("second", Purpose::Plain));
}
