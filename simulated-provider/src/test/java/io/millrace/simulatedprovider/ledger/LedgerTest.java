package io.millrace.simulatedprovider.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.simulatedprovider.ledger.LedgerEntry.Ended;
import io.millrace.simulatedprovider.ledger.LedgerEntry.Started;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123456789Z");
    private static final CallOrigin ORIGIN =
            new CallOrigin("job_\"1\n", "2", "00-abc-def-01", "/v1/embeddings", "sim");

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("ledger.jsonl");
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        // When
        try (Ledger ledger = open()) {
            ledger.start(ORIGIN).end(200, "none", 3, 4, true);
            ledger.start(new CallOrigin("", "", "", "/v1/messages", ""));
        }

        // Then
        Started started =
                new Started(1, NOON, "job_\"1\n", "2", "00-abc-def-01", "/v1/embeddings", "sim");
        Ended ended = new Ended(1, NOON, "job_\"1\n", 200, "none", 3, 4, true);
        Started running = new Started(2, NOON, "", "", "", "/v1/messages", "");
        assertThat(LedgerFile.read(file)).containsExactly(started, ended, running);
        assertThat(LedgerFile.calls(file))
                .containsExactly(new Call.Finished(started, ended), new Call.Running(running));
    }

    @Test
    void summaryCountsWhatIsInTheFileByThen() throws IOException {
        try (Ledger ledger = open()) {
            // Given
            ledger.start(ORIGIN).end(200, "none", 3, 4, false);
            ledger.start(ORIGIN).end(0, "hang", 5, 6, true);
            ledger.start(ORIGIN);

            // When
            LedgerSummary summary = ledger.summary();

            // Then
            assertThat(summary)
                    .isEqualTo(new LedgerSummary(3, 2, Map.of(200, 1L, 0, 1L), 8, 10, 1));
            assertThat(summary.running()).isEqualTo(1);
            assertThat(LedgerFile.read(file)).hasSize(5);
        }
    }

    @Test
    void callEndsOnce() throws IOException {
        try (Ledger ledger = open()) {
            // Given
            OpenCall call = ledger.start(ORIGIN);
            call.end(200, "none", 1, 1, false);

            // When
            call.end(0, "none", 1, 1, true);

            // Then
            assertThat(ledger.summary().ended()).isEqualTo(1);
            assertThat(LedgerFile.calls(file)).hasSize(1);
        }
    }

    @Test
    void ledgerThatExistsIsContinuedAndItsTornLineCutOff() throws IOException {
        // Given
        try (Ledger ledger = open()) {
            ledger.start(ORIGIN).end(200, "none", 1, 1, false);
            ledger.start(ORIGIN);
        }
        Files.writeString(file, "{\"event\":\"sta", StandardOpenOption.APPEND);
        assertThat(LedgerFile.read(file)).hasSize(3);

        // When
        try (Ledger ledger = open()) {
            assertThat(ledger.start(ORIGIN).number()).isEqualTo(3);
        }

        // Then
        assertThat(LedgerFile.calls(file)).hasSize(3);
    }

    @Test
    void callsOfManyThreadsAreAllThereAndInOrder() throws IOException {
        // Given
        int calls = 20_000;

        // When
        try (Ledger ledger = open()) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int call = 0; call < calls; call++) {
                    threads.execute(() -> ledger.start(ORIGIN).end(200, "none", 1, 2, false));
                }
            }
            assertThat(ledger.summary().outputTokens()).isEqualTo(2L * calls);
        }

        // Then
        List<Call> read = LedgerFile.calls(file);
        List<Long> numbers = new ArrayList<>();
        read.forEach(call -> numbers.add(call.started().call()));
        assertThat(numbers).hasSize(calls).isSorted().doesNotHaveDuplicates();
        assertThat(read).allMatch(Call.Finished.class::isInstance);
    }

    @Test
    void lineThatIsNoEntryIsRefusedWithItsNumber() throws IOException {
        // Given
        Files.writeString(file, "{\"event\":\"started\",\"call\":1}\n{\"event\":\"x\"}\n");

        // Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LedgerFile.read(file))
                .withMessageContaining("line 2");
    }

    @Test
    void callThatEndsTwiceOrUnstartedIsRefused() throws IOException {
        // Given
        String start = "{\"event\":\"started\",\"call\":1}\n";
        String end = "{\"event\":\"ended\",\"call\":1,\"status\":200}\n";

        // Then
        Files.writeString(file, start + end + end);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LedgerFile.calls(file))
                .withMessageContaining("call 1 ended twice");
        Files.writeString(file, end);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LedgerFile.calls(file))
                .withMessageContaining("call 1 ended unstarted");
    }

    @Test
    void ledgerThatCannotBeOpenedOrReadSaysSo() {
        Path missing = folder.resolve("missing/ledger.jsonl");
        assertThatThrownBy(() ->
                        Ledger.open(new LedgerDestination.File(missing), InstantSource.fixed(NOON)))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> LedgerFile.read(missing))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("ledger.jsonl");
    }

    @Test
    void longTextsAreCut() {
        assertThat(new CallOrigin("j".repeat(1_000), "", "", "", "").job()).hasSize(256);
    }

    private Ledger open() throws IOException {
        return Ledger.open(new LedgerDestination.File(file), InstantSource.fixed(NOON));
    }
}
