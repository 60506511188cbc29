//! `bailiwick health`: asks the running program whether it is ready; for container health checks.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::cli::Refusal;
use crate::say;

/// How long the answer may take.
const PATIENCE: Duration = Duration::from_secs(6);

pub(crate) fn ask(listen: SocketAddr) -> Result<(), Refusal> {
    // A program that listens everywhere is asked at home.
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    let address = SocketAddr::new(ip, listen.port());
    let answer = exchange(address).map_err(|why| format!("{address} does not answer: {why}"))?;
    let mut words = answer.lines().next().unwrap_or_default().split(' ');
    match (words.next(), words.next()) {
        (Some("HTTP/1.1"), Some("200")) => {
            say::line("ready");
            Ok(())
        }
        (_, status) => Err(Refusal(format!("{address} is not ready: {}", status.unwrap_or("no answer")))),
    }
}

fn exchange(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(4096).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
