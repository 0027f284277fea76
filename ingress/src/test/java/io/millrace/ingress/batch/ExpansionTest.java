package io.millrace.ingress.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.blob.DirectoryBlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpansionTest {

    private static final int LINE_BYTES = 4 * 1024 * 1024;

    @TempDir Path blobs;

    private ClaimCheck payloads;
    private Expansion expansion;

    @BeforeEach
    void makeTheExpansion() {
        payloads = new ClaimCheck(new DirectoryBlobStore(blobs));
        expansion = new Expansion(payloads);
    }

    @Test
    void everyLineIsInOneTransactionOfAtMostFiveHundred() throws IOException {
        // Given
        String file = TestInput.lines(1234) + "\n\n";

        // When
        List<BatchLog.Entry> entries = expandAll(file, 1234);

        // Then
        assertThat(entries)
                .extracting(entry -> entry.lines().size())
                .containsExactly(500, 500, 234);
        assertThat(entries)
                .extracting(entry -> entry.batch().getExpandedLines())
                .containsExactly(500, 1000, 1234);
        assertThat(entries.stream().flatMap(entry -> entry.lines().stream()).map(Submit::getJobId))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 1234)
                                .mapToObj(line -> Records.BATCH.line(line).value())
                                .toList());
    }

    @Test
    void jobOfALineCarriesWhatTheDispatcherNeeds() throws IOException {
        // When
        Submit job = expandAll(TestInput.lines(1), 1).getFirst().lines().getFirst();

        // Then
        assertThat(job.getTenant()).isEqualTo("acme");
        assertThat(job.getKeyId()).isEqualTo("key_1");
        assertThat(job.getModel()).isEqualTo("m");
        assertThat(job.getBatchLine().getLine()).isEqualTo(1);
        assertThat(job.getBatchLine().getCustomId()).isEqualTo("c1");
        assertThat(job.getRequest().getEndpoint()).isEqualTo(TestInput.ENDPOINT);
        assertThat(job.getRequest().getTier()).isEqualTo(Tier.BATCH);
        assertThat(job.getRequest().getExpiresAt()).isEqualTo(Records.validating().getExpiresAt());
        assertThat(payloads.checkOut(job.getRequest().getBody()))
                .asString()
                .isEqualTo("{\"model\":\"m\",\"input\":\"x\"}");
    }

    @Test
    void largeBodiesMakeSmallerTransactionsAndTravelAsClaimChecks() throws IOException {
        // Given
        String large = "\"input\":\"%s\"".formatted("x".repeat(1024 * 1024));
        StringBuilder file = new StringBuilder();
        IntStream.rangeClosed(1, 20)
                .forEach(i -> file.append(TestInput.line("c" + i, large)).append('\n'));

        // When
        List<BatchLog.Entry> entries = expandAll(file.toString(), 20);

        // Then
        assertThat(entries).extracting(entry -> entry.lines().size()).containsExactly(8, 8, 4);
        Submit first = entries.getFirst().lines().getFirst();
        assertThat(first.getRequest().getBody().getBlob()).isNotNull();
        assertThat(payloads.checkOut(first.getRequest().getBody())).hasSizeGreaterThan(1024 * 1024);
    }

    @Test
    void inputThatIsNotWhatWasCheckedIsNotExpanded() {
        assertThatThrownBy(() -> expandAll(TestInput.lines(2), 3))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> expandAll("other\n", 1)).isInstanceOf(IllegalStateException.class);
    }

    private List<BatchLog.Entry> expandAll(String file, int lines) throws IOException {
        List<BatchLog.Entry> entries = new ArrayList<>();
        BatchState batch = Records.inProgress(lines);
        while (batch.getExpandedLines() < lines) {
            LineReader reader =
                    LineReader.behind(
                            TestInput.stream(file),
                            batch.getExpandedLines(),
                            batch.getExpandedBytes(),
                            LINE_BYTES);
            BatchLog.Entry entry = expansion.next(batch, reader);
            entries.add(entry);
            batch = entry.batch();
        }
        return entries;
    }
}
