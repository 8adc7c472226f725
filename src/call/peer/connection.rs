//! The core as we set it up: VP8 with retransmission, Opus with FEC, both ways, and the interceptors
//! that put right what the core leaves out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc::interceptor::{NackGeneratorBuilder, Registry, Slot};
use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::configuration::RTCConfigurationBuilder;
use rtc::peer_connection::configuration::interceptor_registry::register_default_interceptors;
use rtc::peer_connection::configuration::media_engine::{MIME_TYPE_OPUS, MIME_TYPE_RTX, MIME_TYPE_VP8, MediaEngine};
use rtc::peer_connection::configuration::setting_engine::SettingEngineBuilder;
use rtc::peer_connection::{RTCPeerConnection, RTCPeerConnectionBuilder};
use rtc::rtp_transceiver::RTCRtpSenderId;
use rtc::rtp_transceiver::rtp_sender::{
    RTCPFeedback, RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters,
    RTCRtpRtxParameters, RtpCodecKind,
};
use rtc::shared::error::Error;

use super::tap::{self, Feedback, Tap};
use super::{PeerError, rtx};

const VP8: u8 = 96;
const RTX: u8 = 97;
const OPUS: u8 = 111;

/// How often missing packets are asked for.
const NACK_INTERVAL: Duration = Duration::from_millis(50);
/// Nothing came for this long: the path is lost, and told so.
const DISCONNECTED_AFTER: Duration = Duration::from_secs(4);
/// Nothing came for this long: ICE gives up. Long, because a restart may come late.
const FAILED_AFTER: Duration = Duration::from_secs(90);
const KEEPALIVE: Duration = Duration::from_secs(1);

/// One stream we send.
pub(super) struct Sending {
    pub(super) id: RTCRtpSenderId,
    pub(super) ssrc: u32,
    sequence: u16,
}

/// The core and what we send through it.
pub(super) struct Connection {
    pub(super) core: RTCPeerConnection,
    pub(super) audio: Sending,
    pub(super) video: Sending,
}

impl Sending {
    fn new(core: &mut RTCPeerConnection, kind: RtpCodecKind, codec: RTCRtpCodec, ssrc: u32) -> Result<Self, Error> {
        let name = kind.to_string();
        let rtx = (kind == RtpCodecKind::Video).then(|| RTCRtpRtxParameters { ssrc: random() });
        let coding = RTCRtpCodingParameters { ssrc: Some(ssrc), rtx, ..Default::default() };
        let encoding = RTCRtpEncodingParameters { rtp_coding_parameters: coding, codec, ..Default::default() };
        let track = MediaStreamTrack::new("bedside".into(), name.clone(), name, kind, vec![encoding]);
        let id = core.add_track(track)?;
        // Half of the number space: the first packets do not wrap, which confuses some receivers.
        Ok(Self { id, ssrc, sequence: random() as u16 & 0x7fff })
    }

    /// The next packet of this stream. The payload type is the one negotiated: an answer uses the
    /// offer's numbers, and browsers differ.
    pub(super) fn packet(
        &mut self,
        payload_type: u8,
        timestamp: u32,
        marker: bool,
        payload: bytes::Bytes,
    ) -> rtc::rtp::Packet {
        self.sequence = self.sequence.wrapping_add(1);
        let header = rtc::rtp::header::Header {
            version: 2,
            marker,
            payload_type,
            sequence_number: self.sequence,
            timestamp,
            ssrc: self.ssrc,
            ..Default::default()
        };
        rtc::rtp::Packet { header, payload }
    }
}

impl Connection {
    pub(super) fn new(feedback: Arc<Feedback>, now: Instant) -> Result<Self, PeerError> {
        build(feedback, now).map_err(|_| PeerError::Setup)
    }

    /// The payload type agreed on for what we send; `None` before there is an agreement.
    pub(super) fn payload_type(&mut self, id: RTCRtpSenderId) -> Option<u8> {
        let mut sender = self.core.rtp_sender(id)?;
        let codecs = &sender.get_parameters().rtp_parameters.codecs;
        let mime = |codec: &RTCRtpCodecParameters| codec.rtp_codec.mime_type.to_ascii_lowercase();
        let media = codecs.iter().find(|c| mime(c) == "video/vp8" || mime(c) == "audio/opus")?;
        Some(media.payload_type)
    }
}

fn build(feedback: Arc<Feedback>, now: Instant) -> Result<Connection, Error> {
    let mut media = MediaEngine::default();
    let feedbacks = [("goog-remb", ""), ("ccm", "fir"), ("nack", ""), ("nack", "pli")];
    let vp8 = RTCRtpCodec {
        mime_type: MIME_TYPE_VP8.into(),
        clock_rate: 90_000,
        rtcp_feedback: feedbacks
            .map(|(typ, parameter)| RTCPFeedback { typ: typ.into(), parameter: parameter.into() })
            .into(),
        ..Default::default()
    };
    let rtx = RTCRtpCodec {
        mime_type: MIME_TYPE_RTX.into(),
        clock_rate: 90_000,
        sdp_fmtp_line: format!("apt={VP8}"),
        ..Default::default()
    };
    let opus = RTCRtpCodec {
        mime_type: MIME_TYPE_OPUS.into(),
        clock_rate: 48_000,
        channels: 2,
        sdp_fmtp_line: "minptime=10;useinbandfec=1".into(),
        ..Default::default()
    };
    let (video, audio) = (RtpCodecKind::Video, RtpCodecKind::Audio);
    for (codec, payload_type, kind) in [(&vp8, VP8, video), (&rtx, RTX, video), (&opus, OPUS, audio)] {
        media.register_codec(RTCRtpCodecParameters { rtp_codec: codec.clone(), payload_type }, kind)?;
    }
    let (video_ssrc, audio_ssrc) = (random(), random());
    let nack = NackGeneratorBuilder::new().with_interval(NACK_INTERVAL).with_max_nacks_per_packet(10).build();
    let registry = register_default_interceptors(Registry::new(), &mut media)?
        .with(Slot::NackGenerator, nack)
        .with(Slot::from(tap::SLOT), Tap::new(feedback, video_ssrc))
        .with(Slot::from(rtx::SLOT), rtx::Unwrap::default());
    let settings = SettingEngineBuilder::new()
        // Which addresses are offered is `gather`'s decision; the core must not have another opinion.
        .with_include_loopback_candidate(true)
        .with_ice_timeouts(Some(DISCONNECTED_AFTER), Some(FAILED_AFTER), Some(KEEPALIVE))
        // A peer-reflexive path is as direct as any: a browser that hides its addresses has no other.
        .with_prflx_acceptance_min_wait(Some(Duration::ZERO));
    let mut core = RTCPeerConnectionBuilder::new()
        .with_configuration(RTCConfigurationBuilder::new().build())
        .with_setting_engine(settings.build())
        .with_media_engine(media)
        .with_interceptor_registry(registry)
        .build(now)?;
    let audio = Sending::new(&mut core, audio, opus, audio_ssrc)?;
    let video = Sending::new(&mut core, video, vp8, video_ssrc)?;
    Ok(Connection { core, audio, video })
}

/// A stream's number: never zero.
pub(super) fn random() -> u32 {
    u32::from_ne_bytes(crate::base::random::bytes()) | 1
}
