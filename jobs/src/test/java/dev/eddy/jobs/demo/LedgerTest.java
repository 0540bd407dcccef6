package dev.eddy.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LedgerTest {
  private static Ledger run(int records) {
    Ledger ledger = new Ledger();
    ledger.open(0, 100);
    ledger.open(1, 0);
    for (int i = 0; i < records; i++) {
      ledger.sent(i % 2, (i % 2 == 0 ? 100 : 0) + i / 2, 7_000 + i);
    }
    return ledger;
  }

  private static void answer(Ledger ledger, int record) {
    ledger.seen(record % 2, (record % 2 == 0 ? 100 : 0) + record / 2);
  }

  @Test
  void everyRecordAnsweredOnceSettlesTheAccounts() {
    Ledger ledger = run(5000);
    for (int i = 4999; i >= 0; i--) {
      answer(ledger, i);
    }
    assertThat(ledger.sent()).isEqualTo(5000);
    assertThat(ledger.settled()).isEqualTo(5000);
    assertThat(ledger.lost()).isZero();
    assertThat(ledger.duplicated()).isZero();
    assertThat(ledger.unknown()).isZero();
  }

  @Test
  void aDroppedOutputIsLost() {
    Ledger ledger = run(3000);
    for (int i = 0; i < 3000; i++) {
      if (i != 1234) {
        answer(ledger, i);
      }
    }
    assertThat(ledger.lost()).isEqualTo(1);
    assertThat(ledger.duplicated()).isZero();
  }

  @Test
  void aDoubledOutputIsDuplicated() {
    Ledger ledger = run(3000);
    for (int i = 0; i < 3000; i++) {
      answer(ledger, i);
    }
    answer(ledger, 17);
    assertThat(ledger.lost()).isZero();
    assertThat(ledger.duplicated()).isEqualTo(1);
  }

  @Test
  void aDoubledOutputDoesNotHideALostOne() {
    Ledger ledger = run(10);
    for (int i = 0; i < 9; i++) {
      answer(ledger, i);
    }
    answer(ledger, 3);
    assertThat(ledger.lost()).isEqualTo(1);
    assertThat(ledger.duplicated()).isEqualTo(1);
  }

  @Test
  void aDoubledOutputIsFoundLongAfterItsAccountWasClosed() {
    Ledger ledger = new Ledger();
    ledger.open(0, 0);
    for (int i = 0; i < 100_000; i++) {
      ledger.sent(0, i, 1);
      ledger.seen(0, i);
    }
    ledger.seen(0, 3);
    assertThat(ledger.duplicated()).isEqualTo(1);
    assertThat(ledger.lost()).isZero();
  }

  @Test
  void anOutputForWhatWasNeverSentIsUnknown() {
    Ledger ledger = run(10);
    ledger.seen(0, 99);
    ledger.seen(1, 5_000);
    ledger.seen(2, 0);
    ledger.seen(-1, -1);
    assertThat(ledger.unknown()).isEqualTo(4);
    assertThat(ledger.lost()).isEqualTo(10);
  }

  @Test
  void anOutputMayOvertakeTheAcknowledgement() {
    Ledger ledger = new Ledger();
    ledger.open(0, 0);
    assertThat(ledger.seen(0, 0)).isEqualTo(Ledger.NOT_TIMED);
    assertThat(ledger.unknown()).isEqualTo(1);
    ledger.sent(0, 0, 5);
    assertThat(ledger.unknown()).isZero();
    assertThat(ledger.lost()).isZero();
    assertThat(ledger.settled()).isEqualTo(1);
  }

  @Test
  void theFirstOutputTellsWhenTheRecordWasSent() {
    Ledger ledger = run(2);
    assertThat(ledger.seen(1, 0)).isEqualTo(7_001);
    assertThat(ledger.seen(1, 0)).isEqualTo(Ledger.NOT_TIMED);
  }

  @Test
  void recordsBeforeTheAccountsAreNotCounted() {
    Ledger ledger = new Ledger();
    ledger.open(0, 100);
    ledger.sent(0, 99, 1);
    assertThat(ledger.sent()).isZero();
  }

  @Test
  void anOffsetCannotBeTakenTwice() {
    Ledger ledger = run(2);
    assertThatThrownBy(() -> ledger.sent(0, 100, 1)).hasMessageContaining("twice");
  }
}
