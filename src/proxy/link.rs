//! One connection: from the client to the proxy, and from there to the upstream.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;

use super::pump::{Break, Pump, Way};
use super::shared::Shared;
use super::toxic::Setting;

/// An upstream that has not accepted by then is not there.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

/// Carries connection `number`, which was accepted under `born`, until it ends.
pub(super) async fn carry(mut client: TcpStream, shared: Arc<Shared>, born: Setting, number: u64) {
    let mut upstream = match dial(&shared, born).await {
        Ok(upstream) => upstream,
        Err(Break::Cut) => return count_cut(&shared),
        // The nearest to a refusal that is left once a connection was accepted.
        Err(Break::Reset) => return reset(client),
    };
    // What is small is sent at once: a delay is only what a toxic makes it.
    for stream in [&client, &upstream] {
        let _ = stream.set_nodelay(true);
    }
    let up = Pump::new(&shared, Way::Up, born, number);
    let down = Pump::new(&shared, Way::Down, born, number);
    let ended = {
        let (from_client, to_client) = client.split();
        let (from_upstream, to_upstream) = upstream.split();
        tokio::try_join!(up.run(from_client, to_upstream), down.run(from_upstream, to_client))
    };
    match ended {
        Ok(((), ())) => {}
        Err(Break::Cut) => count_cut(&shared),
        Err(Break::Reset) => {
            reset(client);
            reset(upstream);
        }
    }
}

async fn dial(shared: &Shared, born: Setting) -> Result<TcpStream, Break> {
    let mut settings = shared.settings.subscribe();
    tokio::select! {
        biased;
        _ = settings.wait_for(|setting| setting.cuts != born.cuts) => Err(Break::Cut),
        connected = tokio::time::timeout(CONNECT_PATIENCE, TcpStream::connect(shared.upstream.as_str())) => {
            connected.ok().and_then(Result::ok).ok_or(Break::Reset)
        }
    }
}

fn count_cut(shared: &Shared) {
    shared.count(shared.setting().epoch, shared.clock.now(), |effects| effects.connections += 1);
}

/// Closes so that the other side gets an RST, not the end of a stream.
fn reset(stream: TcpStream) {
    let _ = stream.set_zero_linger();
    drop(stream);
}
