//! A filed report is sealed over every cell.

use gongkai::domain::report::*;

#[test]
fn the_hash_changes_with_every_cell_and_the_year() {
    let (mut requests, mut remedies) = (RequestTable::default(), RemedyTable::default());
    let empty = data_hash(2023, &requests, &remedies);
    assert_eq!(empty.len(), 64);
    assert_ne!(data_hash(2024, &requests, &remedies), empty);
    requests.set(Row::RECEIVED, ReportColumn::Total, 1);
    let received = data_hash(2023, &requests, &remedies);
    assert_ne!(received, empty);
    remedies.add(RemedyKind::DirectSuit, None, 1);
    assert_ne!(data_hash(2023, &requests, &remedies), received);
}

#[test]
fn figures_have_the_shape_of_the_report() {
    let mut remedies = RemedyTable::default();
    remedies.add(RemedyKind::Reconsideration, Some(RemedyResult::Upheld), 2);
    let figures = AnnualFigures::new(2023, RequestTable::default(), remedies);
    assert!(figures.is_consistent());
    let json = serde_json::to_value(&figures).unwrap();
    assert_eq!(json["year"], 2023);
    assert_eq!(json["columns"][0], "natural_person");
    assert_eq!(json["columns"][6], "total");
    assert_eq!(json["requests"].as_object().unwrap().len(), 25);
    assert_eq!(json["requests"]["r25"], serde_json::json!([0, 0, 0, 0, 0, 0, 0]));
    assert_eq!(json["remedies"]["reconsideration"], serde_json::json!([2, 0, 0, 0, 2]));
    assert_eq!(
        json["identities"][0],
        serde_json::json!({"id": "I1", "holds": true, "failures": []})
    );
}
