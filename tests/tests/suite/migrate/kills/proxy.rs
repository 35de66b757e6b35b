//! A proxy between a program and its Postgres, which counts what the program asks and does something at one of the questions.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// When to do it: before the server has the question, or after, while it works on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Before,
    After,
}

/// A proxy that listens as long as it lives, in a folder of its own.
pub(super) struct Proxy {
    folder: tempfile::TempDir,
    asked: Arc<AtomicUsize>,
}

/// What all connections share.
struct Watch {
    server: PathBuf,
    asked: Arc<AtomicUsize>,
    at: usize,
    moment: Moment,
    act: Mutex<Box<dyn FnMut() + Send>>,
}

impl Proxy {
    /// A proxy for the server of this url, which acts at this question of all that come, counted from 1.
    pub(super) fn start(url: &str, at: usize, moment: Moment, act: impl FnMut() + Send + 'static) -> Self {
        let folder = tempfile::Builder::new().prefix("pp-").tempdir_in("/tmp").unwrap();
        let listener = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        let (_, host) = url.split_once("?host=").unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let watch = Arc::new(Watch {
            server: PathBuf::from(host).join(SOCKET),
            asked: Arc::clone(&asked),
            at,
            moment,
            act: Mutex::new(Box::new(act)),
        });
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let watch = Arc::clone(&watch);
                std::thread::spawn(move || watch.serve(client));
            }
        });
        Self { folder, asked }
    }

    /// The url through the proxy.
    pub(super) fn url(&self, url: &str) -> String {
        let (path, _) = url.split_once("?host=").unwrap();
        format!("{path}?host={}", self.folder.path().display())
    }

    /// How many questions there were.
    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// What a client sends that asks for TLS, or for encryption by GSSAPI.
const ENCRYPT: [u32; 2] = [80_877_103, 80_877_104];

const SOCKET: &str = ".s.PGSQL.5432";

impl Watch {
    /// Carries bytes both ways until one side has ended. The server learns of a client that is gone, as it would without a proxy.
    fn serve(&self, client: UnixStream) {
        let Ok(server) = UnixStream::connect(&self.server) else { return };
        let (Ok(mut answers), Ok(mut to_client)) = (server.try_clone(), client.try_clone()) else { return };
        let back = std::thread::spawn(move || {
            let _ = std::io::copy(&mut answers, &mut to_client);
            let _ = to_client.shutdown(Shutdown::Both);
        });
        let _ = self.forward(client, &server);
        let _ = server.shutdown(Shutdown::Both);
        let _ = back.join();
    }

    /// Hands messages on to the server, one by one.
    fn forward(&self, mut client: UnixStream, mut server: &UnixStream) -> std::io::Result<()> {
        // The first messages have no type: perhaps the question whether to encrypt, then the name of the database.
        loop {
            let first = read(&mut client, Vec::new())?;
            server.write_all(&first)?;
            if !ENCRYPT.iter().any(|code| first.ends_with(&code.to_be_bytes()) && first.len() == 8) {
                break;
            }
        }
        loop {
            let mut kind = vec![0];
            client.read_exact(&mut kind)?;
            let message = read(&mut client, kind)?;
            // What the server answers at the end of: a simple query, or the end of an extended one.
            let asks = matches!(message.first(), Some(b'Q' | b'S'));
            let acts = asks && self.asked.fetch_add(1, Ordering::SeqCst) + 1 == self.at;
            if acts && self.moment == Moment::Before {
                (self.act.lock().unwrap())();
                return Ok(());
            }
            server.write_all(&message)?;
            if acts {
                (self.act.lock().unwrap())();
                return Ok(());
            }
        }
    }
}

/// Reads the rest of a message behind its type.
fn read(client: &mut UnixStream, mut message: Vec<u8>) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 4];
    client.read_exact(&mut length)?;
    message.extend(length);
    let mut body = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap_or(4).saturating_sub(4)];
    client.read_exact(&mut body)?;
    message.extend(body);
    Ok(message)
}
