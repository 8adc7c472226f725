//! A tap on RTCP (RFC 3550, RFC 4585): key frame requests, loss and round trip as the far end
//! reports them, which the core's own statistics leave out.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::time::Instant;

use rtc::interceptor::{Interceptor, Packet, StreamInfo, TaggedPacket};
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtcp::receiver_report::ReceiverReport;
use rtc::rtcp::reception_report::ReceptionReport;
use rtc::rtcp::sender_report::SenderReport;
use rtc::sansio::Protocol;
use rtc::shared::error::Error;

/// Where it stands in the chain: nearer to the network than the report generators.
pub(super) const SLOT: usize = 6_400;
/// Sender reports remembered for the round trip: at one a second and stream, long enough.
const SENT_MAX: usize = 16;

/// What the far end says about what we send. Written by the loop, read by the encoders.
#[derive(Debug, Default)]
pub struct Feedback {
    /// The far end cannot decode and asks for a key frame. The encoder takes it back.
    pub key_wanted: AtomicBool,
    /// Key frame requests so far.
    pub key_requests: AtomicU32,
    /// Share of video packets lost on the way there since the last report, of 256.
    pub video_lost: AtomicU32,
    /// Share of sound packets lost on the way there since the last report, of 256.
    pub audio_lost: AtomicU32,
    /// Round trip in microseconds; 0 before the first measurement.
    pub round_trip_us: AtomicU32,
    /// Reports about our video so far: a rate rule acts once per report.
    pub video_reports: AtomicU32,
}

/// The interceptor.
pub(super) struct Tap {
    inbound: VecDeque<TaggedPacket>,
    outbound: VecDeque<TaggedPacket>,
    /// The middle of the NTP time of our sender reports, and when they left.
    sent: VecDeque<(u32, Instant)>,
    feedback: Arc<Feedback>,
    video_ssrc: u32,
}

impl Tap {
    pub(super) fn new(feedback: Arc<Feedback>, video_ssrc: u32) -> Self {
        Self { inbound: VecDeque::new(), outbound: VecDeque::new(), sent: VecDeque::new(), feedback, video_ssrc }
    }

    /// Report blocks come in receiver reports, and in sender reports where media runs both ways.
    fn report(&self, now: Instant, blocks: &[ReceptionReport]) {
        for block in blocks {
            let lost = u32::from(block.fraction_lost);
            if block.ssrc == self.video_ssrc {
                self.feedback.video_lost.store(lost, Relaxed);
                self.feedback.video_reports.fetch_add(1, Relaxed);
            } else {
                self.feedback.audio_lost.store(lost, Relaxed);
            }
            let sent = self.sent.iter().find(|(ntp, _)| *ntp == block.last_sender_report);
            if let Some((_, at)) = sent {
                let held_us = u64::from(block.delay) * 1_000_000 / 65_536;
                let us = now.saturating_duration_since(*at).as_micros() as u64;
                let trip = us.saturating_sub(held_us).clamp(1, 60_000_000) as u32;
                self.feedback.round_trip_us.store(trip, Relaxed);
            }
        }
    }
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for Tap {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, message: TaggedPacket) -> Result<(), Error> {
        if let Packet::Rtcp(packets) = &message.message.packet {
            for packet in packets.iter().map(|p| p.as_any()) {
                if packet.is::<PictureLossIndication>() || packet.is::<FullIntraRequest>() {
                    self.feedback.key_requests.fetch_add(1, Relaxed);
                    self.feedback.key_wanted.store(true, Relaxed);
                } else if let Some(report) = packet.downcast_ref::<ReceiverReport>() {
                    self.report(message.now, &report.reports);
                } else if let Some(report) = packet.downcast_ref::<SenderReport>() {
                    self.report(message.now, &report.reports);
                }
            }
        }
        self.inbound.push_back(message);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<TaggedPacket> {
        self.inbound.pop_front()
    }

    fn handle_write(&mut self, message: TaggedPacket) -> Result<(), Error> {
        if let Packet::Rtcp(packets) = &message.message.packet {
            for packet in packets {
                if let Some(report) = packet.as_any().downcast_ref::<SenderReport>() {
                    self.sent.push_back(((report.ntp_time >> 16) as u32, message.now));
                    if self.sent.len() > SENT_MAX {
                        self.sent.pop_front();
                    }
                }
            }
        }
        self.outbound.push_back(message);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<TaggedPacket> {
        self.outbound.pop_front()
    }
}

impl Interceptor for Tap {
    fn bind_local_stream(&mut self, _: &StreamInfo) {}

    fn unbind_local_stream(&mut self, _: &StreamInfo) {}

    fn bind_remote_stream(&mut self, _: &StreamInfo) {}

    fn unbind_remote_stream(&mut self, _: &StreamInfo) {}
}
