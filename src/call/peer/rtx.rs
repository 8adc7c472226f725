//! Retransmissions (RFC 4588) turned back into the packets they repeat, before the NACK generator
//! looks: it would otherwise never see its wish fulfilled and ask for ever.
//!
//! Padding and duplicates travel on untouched: the transport-wide congestion feedback nearer to the
//! network has to see every arrival, or the sender reads them as loss.

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

use rtc::interceptor::{Interceptor, Packet, StreamInfo, TaggedPacket};
use rtc::sansio::Protocol;
use rtc::shared::error::Error;

/// Where it stands in the chain: just nearer to the network than the NACK generator.
pub(super) const SLOT: usize = 6_500;

/// The interceptor.
#[derive(Default)]
pub(super) struct Unwrap {
    inbound: VecDeque<TaggedPacket>,
    outbound: VecDeque<TaggedPacket>,
    /// Retransmission stream → media stream and its payload type.
    streams: HashMap<u32, (u32, u8)>,
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for Unwrap {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, mut message: TaggedPacket) -> Result<(), Error> {
        if let Packet::Rtp(packet) = &mut message.message.packet
            && let Some(&(ssrc, payload_type)) = self.streams.get(&packet.header.ssrc)
            && let Some(sequence) = packet.payload.first_chunk::<2>()
        {
            packet.header.sequence_number = u16::from_be_bytes(*sequence);
            packet.header.ssrc = ssrc;
            packet.header.payload_type = payload_type;
            packet.header.padding = false;
            packet.payload = packet.payload.slice(2..);
        }
        self.inbound.push_back(message);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<TaggedPacket> {
        self.inbound.pop_front()
    }

    fn handle_write(&mut self, message: TaggedPacket) -> Result<(), Error> {
        self.outbound.push_back(message);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<TaggedPacket> {
        self.outbound.pop_front()
    }
}

impl Interceptor for Unwrap {
    fn bind_local_stream(&mut self, _: &StreamInfo) {}

    fn unbind_local_stream(&mut self, _: &StreamInfo) {}

    fn bind_remote_stream(&mut self, stream: &StreamInfo) {
        if let Some(retransmission) = stream.ssrc_rtx {
            let media = (stream.ssrc, stream.payload_type);
            self.streams.insert(retransmission, media);
        }
    }

    fn unbind_remote_stream(&mut self, stream: &StreamInfo) {
        if let Some(retransmission) = stream.ssrc_rtx {
            self.streams.remove(&retransmission);
        }
    }
}
