//! Clients of an agent, all at once or one after the other, for the measures:
//!
//! - `load notes FOLDER WRITERS EACH`: so many connections write so many notes each; notes a second
//! - `load search FOLDER ROUNDS`: searches on one connection; the median and the slowest of a hundred, in ms

use anyhow::{Context, Result, bail, ensure};
use bedside::base::{Phi, Place};
use bedside::client::Connection;
use bedside::client::agent::{Reply, Request};
use bedside::record::NoteKind;
use std::io::Write;
use std::time::{Duration, Instant};

const TEXT: &str = "S: Slept five nights of seven.\nO: Calm, oriented.\nA: Improving.\nP: Continue.\n";

#[tokio::main]
async fn main() -> Result<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    ensure!(given.len() >= 3, "load notes FOLDER WRITERS EACH, or load search FOLDER ROUNDS");
    let place = Place::new(std::path::absolute(&given[1])?)?;
    let number = |at: usize| given.get(at).and_then(|text| text.parse::<usize>().ok()).context("a number is missing");
    let mut out = std::io::stdout();
    match given[0].as_str() {
        "notes" => writeln!(out, "{:.1}", notes(&place, number(2)?, number(3)?).await?)?,
        "search" => {
            let (median, slowest) = search(&place, number(2)?).await?;
            writeln!(out, "{:.3} {:.3}", ms(median), ms(slowest))?;
        }
        other => bail!("'{other}' is neither notes nor search"),
    }
    Ok(())
}

async fn notes(place: &Place, writers: usize, each: usize) -> Result<f64> {
    let mut connections = Vec::new();
    for _ in 0..writers {
        connections.push(Connection::open(place).await?);
    }
    let Reply::Patients(patients) = connections[0].0.request(Request::PatientList { archived: false }).await? else {
        bail!("no patients")
    };
    let who = Phi::new(patients.first().context("a patient")?.id.to_string());
    let begin = Instant::now();
    let tasks: Vec<_> = connections
        .into_iter()
        .map(|(connection, _events)| {
            let who = who.clone();
            tokio::spawn(async move {
                for _ in 0..each {
                    let (kind, text) = (NoteKind::Plain, Some(TEXT.into()));
                    connection
                        .request(Request::NoteNew { who: who.clone(), kind, text, visit: None, compartment: None })
                        .await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok((writers * each) as f64 / begin.elapsed().as_secs_f64())
}

async fn search(place: &Place, rounds: usize) -> Result<(Duration, Duration)> {
    let (connection, _events) = Connection::open(place).await?;
    let words = bip39::Language::English.word_list();
    let mut took = Vec::new();
    for round in 0..rounds {
        // Three words: some are found, some are not, a few times both.
        let query = [7, 311, 1009].map(|step| words[(round * step + step) % words.len()]).join(" ");
        let begin = Instant::now();
        connection.request(Request::NoteSearch { query: query.as_str().into(), who: None, compartment: None }).await?;
        took.push(begin.elapsed());
    }
    took.sort_unstable();
    Ok((took[rounds / 2], took[rounds * 99 / 100]))
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
