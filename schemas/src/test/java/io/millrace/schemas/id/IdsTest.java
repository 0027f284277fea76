package io.millrace.schemas.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {

    private static final String TAIL = "0123456789abcdefghijklmnop";

    @Test
    void everyIdTellsTheViewPartitionItBeginsWith() {
        for (int number = 0; number < ViewPartition.MAX_COUNT; number++) {
            ViewPartition partition = new ViewPartition(number);
            String tail = partition.digits() + TAIL;

            assertThat(partition.digits()).matches("[0-9a-z]{2}");
            assertThat(new JobId("job_" + tail).viewPartition()).isEqualTo(partition);
            assertThat(new BatchId("batch_" + tail).viewPartition()).isEqualTo(partition);
            assertThat(new BatchId("batch_" + tail).line(17).viewPartition()).isEqualTo(partition);
            assertThat(new FileId("file-" + tail).viewPartition()).isEqualTo(partition);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1296, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void viewPartitionThatTwoDigitsCannotHoldIsRefused(int number) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ViewPartition(number))
                .withMessage("view partition must be between 0 and 1295, but was " + number);
    }

    @Test
    void lineOfABatchIsAJobThatNamesBoth() {
        JobId line = new BatchId("batch_0z" + TAIL).line(999_999_999);

        assertThat(line).hasToString("batch_0z" + TAIL + "-999999999");
        assertThat(JobId.parse(line.value())).contains(line);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1_000_000_000})
    void linesAreNumberedFromOneWithNineDigitsAtMost(int line) {
        BatchId batch = new BatchId("batch_0z" + TAIL);

        assertThatIllegalArgumentException().isThrownBy(() -> batch.line(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "job_",
                "job_00",
                "job_0" + TAIL,
                "job_000" + TAIL,
                "JOB_00" + TAIL,
                "job-00" + TAIL,
                "job_0A" + TAIL,
                "job_00" + TAIL + "-1",
                "job_00" + TAIL + "\n",
                " job_00" + TAIL,
                "batch_00" + TAIL,
                "batch_00" + TAIL + "-",
                "batch_00" + TAIL + "-0",
                "batch_00" + TAIL + "-01",
                "batch_00" + TAIL + "-1x",
                "file-00" + TAIL,
                "job_00../../../../etc/passwd0000"
            })
    void jobIdOfAnotherFormIsRefused(String text) {
        assertThat(JobId.parse(text)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JobId(text))
                .withMessage("no job id: '%s'", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "batch_0" + TAIL, "batch_00" + TAIL + "-1", "job_00" + TAIL})
    void batchIdOfAnotherFormIsRefused(String text) {
        assertThat(BatchId.parse(text)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchId(text))
                .withMessage("no batch id: '%s'", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file_00" + TAIL, "file-0" + TAIL, "file-00" + TAIL + "/.."})
    void fileIdOfAnotherFormIsRefused(String text) {
        assertThat(FileId.parse(text)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FileId(text))
                .withMessage("no file id: '%s'", text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "0",
                "acme-eu-1",
                "a-",
                "aaaaaaaaabaaaaaaaaabaaaaaaaaabaaaaaaaaabaaaaaaaaabaaaaaaaaabaaa"
            })
    void tenantIsANameOfUpTo63LettersDigitsAndDashes(String name) {
        assertThat(new TenantId(name)).hasToString(name);
        assertThat(TenantId.parse(name)).contains(new TenantId(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "Acme",
                "a.b",
                "a/b",
                "a_b",
                "a\n",
                "ä",
                "aaaaaaaaabaaaaaaaaabaaaaaaaaabaaaaaaaaabaaaaaaaaabaaaaaaaaabaaaa"
            })
    void tenantOfAnotherFormIsRefused(String name) {
        assertThat(TenantId.parse(name)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TenantId(name))
                .withMessage("tenant must match [a-z0-9][a-z0-9-]{0,62}, but was '%s'", name);
    }
}
