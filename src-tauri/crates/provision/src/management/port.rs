//! Who holds a port of this machine, and which one near it is free?
//!
//! Knows: the tables of the kernel. Does not know: processes of other users, whose sockets the kernel does not name.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::path::Path;

use api::local::{Listen, Protocol};

/// So many ports behind a taken one are tried.
const NEAR: u16 = 50;

/// A port that somebody else has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenPort {
    pub port: u16,
    pub protocol: Protocol,
    /// The program that has it, where this user may see it.
    pub holder: Option<String>,
    /// The next one that nobody has.
    pub free: Option<u16>,
}

impl TakenPort {
    /// Tries a port for a moment; `None` when nobody has it. One that only root may open is left to Docker, which is root.
    pub(super) fn look(port: u16, protocol: Protocol, listen: Listen) -> Option<Self> {
        has_owner(port, protocol, listen).then(|| Self {
            port,
            protocol,
            holder: holder(port, protocol),
            free: (port.saturating_add(1)..=port.saturating_add(NEAR)).find(|next| *next > port && !has_owner(*next, protocol, listen)),
        })
    }

    pub(super) fn sentence(&self) -> String {
        let by = self.holder.as_ref().map_or_else(String::new, |holder| format!(" by {holder}"));
        let next = self.free.map_or_else(String::new, |free| format!(" {free} is free."));
        format!("Port {} of this machine is taken{by}.{next}", self.port)
    }
}

fn has_owner(port: u16, protocol: Protocol, listen: Listen) -> bool {
    let address = match listen {
        Listen::Loopback => Ipv4Addr::LOCALHOST,
        Listen::Everywhere => Ipv4Addr::UNSPECIFIED,
    };
    let tried = match protocol {
        Protocol::Tcp => TcpListener::bind((address, port)).map(drop),
        Protocol::Udp => UdpSocket::bind((address, port)).map(drop),
        // The standard library cannot open one; Docker will say it.
        Protocol::Sctp => Ok(()),
    };
    tried.is_err_and(|why| why.kind() == ErrorKind::AddrInUse)
}

fn holder(port: u16, protocol: Protocol) -> Option<String> {
    let tables = match protocol {
        Protocol::Tcp => ["tcp", "tcp6"],
        Protocol::Udp => ["udp", "udp6"],
        Protocol::Sctp => return None,
    };
    let read = |table: &str| std::fs::read_to_string(format!("/proc/net/{table}")).unwrap_or_default();
    let links: Vec<String> = tables.iter().flat_map(|table| sockets(&read(table), port)).collect();
    let processes = std::fs::read_dir("/proc").ok()?.flatten().filter(|entry| entry.file_name().to_string_lossy().bytes().all(|b| b.is_ascii_digit()));
    let found = processes.map(|entry| entry.path()).find(|process| holds(process, &links))?;
    let name = std::fs::read_to_string(found.join("comm")).ok()?.trim().to_owned();
    Some(name).filter(|name| !name.is_empty())
}

fn holds(process: &Path, links: &[String]) -> bool {
    let files = std::fs::read_dir(process.join("fd")).into_iter().flatten().flatten();
    files.filter_map(|file| std::fs::read_link(file.path()).ok()).any(|to| links.iter().any(|link| to.as_os_str() == link.as_str()))
}

/// The sockets of a table of the kernel that wait for callers at a port, as files of a process lead to them.
fn sockets(table: &str, port: u16) -> Vec<String> {
    let waits = |line: &&str| {
        let mut words = line.split_whitespace();
        let at = words.nth(1).and_then(|local| u16::from_str_radix(local.rsplit_once(':')?.1, 16).ok());
        // 0A listens for streams; 07 is a socket for packets, which is bound and has no peer.
        at == Some(port) && words.nth(1).is_some_and(|state| ["0A", "07"].contains(&state))
    };
    table.lines().skip(1).filter(waits).filter_map(|line| Some(format!("socket:[{}]", line.split_whitespace().nth(9)?))).collect()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use api::local::{Listen, Protocol};

    use super::{TakenPort, sockets};

    const TABLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 100 0 0 10 0
cut";

    #[test]
    fn only_who_waits_for_callers_holds_a_port() {
        assert_eq!(sockets(TABLE, 8080), ["socket:[4711]"]);
        assert_eq!(sockets(TABLE, 80), ["socket:[4713]"]);
        assert_eq!(sockets(TABLE, 81), Vec::<String>::new());
    }

    #[test]
    fn a_port_is_taken_wherever_it_is_bound_that_kind_would_bind_and_its_holder_is_named() {
        for (at, is_taken) in [("127.0.0.1:0", true), ("0.0.0.0:0", true), ("[::]:0", true), ("[::1]:0", false)] {
            // A machine without the newer protocol has nobody there.
            let Ok(holder) = TcpListener::bind(at) else { continue };
            let port = holder.local_addr().unwrap().port();
            let found = TakenPort::look(port, Protocol::Tcp, Listen::Loopback);
            assert_eq!(found.is_some(), is_taken, "{at}");
            let Some(found) = found else { continue };
            let own = std::fs::read_to_string("/proc/self/comm").unwrap();
            assert_eq!(found.holder.as_deref(), Some(own.trim()), "{at}");
            assert!(found.free.is_some_and(|free| free > port && TcpListener::bind(("127.0.0.1", free)).is_ok()), "{found:?}");
            assert!(found.sentence().starts_with(&format!("Port {port} of this machine is taken by {}. ", own.trim())), "{}", found.sentence());
        }
    }
}
