//! `bedside practice`.

use super::console::{Console, other};
use super::{command, output, reminder, secret};
use crate::base::{Failure, Kind, Phi};
use crate::client::agent::{Reply, Request};
use crate::record::{AddressPolicy, Hours, Practice};
use serde_json::json;

pub(super) async fn run(console: &Console, verb: command::Practice) -> Result<(), Failure> {
    let (connection, _events) = console.connect().await?;
    let Reply::Practice(mut practice) = connection.request(Request::Practice).await? else { return Err(other()) };
    if let command::Practice::Edit {
        clinician,
        phone,
        emergency,
        relay,
        relay_token_file,
        addresses,
        zone,
        lock_after,
        invite_hours,
        retention_years,
        hours,
        remind_me,
        remind_patient,
        part2,
    } = verb
    {
        let text = |text: String| Some(Phi::new(text)).filter(|text| !text.expose().is_empty());
        if let Some(name) = clinician {
            practice.clinician = Phi::new(name);
        }
        practice.phone = phone.map_or(practice.phone, text);
        practice.emergency = emergency.map_or(practice.emergency, text);
        practice.relay = relay.map_or(practice.relay, text);
        if let Some(file) = relay_token_file {
            practice.relay_token = Some(secret::from_file(&file)?);
        }
        practice.addresses = addresses.map_or(practice.addresses, Into::into);
        practice.zone = zone.unwrap_or(practice.zone);
        practice.lock_after_min = lock_after.unwrap_or(practice.lock_after_min);
        practice.invite_hours = invite_hours.unwrap_or(practice.invite_hours);
        practice.retention_years = retention_years.unwrap_or(practice.retention_years);
        if !hours.is_empty() {
            let hours: Result<Vec<Hours>, _> =
                hours.iter().filter(|text| !text.is_empty()).map(|text| text.parse()).collect();
            practice.hours = hours.map_err(|unreadable| {
                Failure::new(Kind::Usage, unreadable.to_string()).hint("write them as \"mon-fri 9:00-17:00\"")
            })?;
        }
        if let Some(text) = remind_me {
            practice.remind_me_min = reminder::time_or_off(&text)?;
        }
        if let Some(text) = remind_patient {
            practice.remind_patient_min = reminder::times(&text)?;
        }
        practice.part2 = part2.unwrap_or(practice.part2);
        connection.request(Request::PracticeSet(Box::new(practice.clone()))).await?;
    }
    show(console, &practice);
    Ok(())
}

fn show(console: &Console, practice: &Practice) {
    let plain = |text: &Option<Phi<String>>| text.as_ref().map(|text| text.expose().clone());
    let addresses = match practice.addresses {
        AddressPolicy::Direct => "direct: each side can learn the other's address after admission",
        AddressPolicy::Relay => "relay: neither side learns the other's address",
    };
    console.show(
        || {
            json!({
                "clinician": practice.clinician.expose(), "phone": plain(&practice.phone),
                "emergency": plain(&practice.emergency), "relay": plain(&practice.relay),
                "relay_token": practice.relay_token.is_some(), "addresses": practice.addresses,
                "zone": practice.zone, "lock_after_min": practice.lock_after_min,
                "invite_hours": practice.invite_hours, "retention_years": practice.retention_years,
                "part2": practice.part2,
                "hours": practice.hours.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "remind_me_min": practice.remind_me_min, "remind_patient_min": practice.remind_patient_min,
            })
        },
        || {
            let or_none =
                |text: &Option<Phi<String>>| text.as_ref().map_or("–".to_owned(), |t| output::safe(t.expose()));
            for (label, value) in [
                ("clinician", output::safe(practice.clinician.expose())),
                ("phone", or_none(&practice.phone)),
                ("emergency", or_none(&practice.emergency)),
                ("relay", or_none(&practice.relay)),
                ("token", if practice.relay_token.is_some() { "kept" } else { "–" }.to_owned()),
                ("calls", addresses.to_owned()),
                ("zone", practice.zone.clone()),
                ("hours", hours_words(&practice.hours)),
                ("remind me", reminder::words(practice.remind_me_min.as_slice())),
                ("patients", reminder::words(&practice.remind_patient_min)),
                (
                    "locks",
                    match practice.lock_after_min {
                        0 => "never by itself".to_owned(),
                        minutes => format!("after {minutes} min without use"),
                    },
                ),
                ("links", format!("open for {} h", practice.invite_hours)),
                (
                    "charts",
                    match practice.retention_years {
                        0 => "no rule how long they are kept".to_owned(),
                        years => format!("kept for {years} years after the last contact"),
                    },
                ),
                ("part 2", if practice.part2 { "a programme under 42 CFR part 2" } else { "–" }.to_owned()),
            ] {
                output::line(&format!("{label:<10} {value}"));
            }
        },
    );
}

fn hours_words(hours: &[Hours]) -> String {
    let all: Vec<String> = hours.iter().map(ToString::to_string).collect();
    if all.is_empty() { "–".to_owned() } else { all.join("; ") }
}
