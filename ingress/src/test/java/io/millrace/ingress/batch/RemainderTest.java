package io.millrace.ingress.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingress.files.FileBlobs;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.blob.DirectoryBlobStore;
import io.millrace.schemas.id.FileId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemainderTest {

    private static final FileId ERRORS = DerivedId.file(Records.BATCH, "error");
    private static final BatchState ENDED =
            BatchState.newBuilder(Records.inProgress(5))
                    .setStatus(BatchStatus.COMPLETED)
                    .setErrorFileId(ERRORS.value())
                    .build();

    @TempDir Path directory;
    private DirectoryBlobStore blobs;

    @BeforeEach
    void openStore() {
        blobs = new DirectoryBlobStore(directory);
    }

    @Test
    void linesThatTheErrorFileNamesComeAsTheyWereAndInTheirOrder() throws IOException {
        // Given
        put(Records.INPUT, TestInput.lines(5) + "\n");
        put(ERRORS, "{\"custom_id\":\"c4\",\"error\":{}}\n{\"custom_id\":\"c2\"}\n");

        // When
        String remainder = read();

        // Then
        assertThat(remainder).isEqualTo(TestInput.line("c2") + "\n" + TestInput.line("c4") + "\n");
    }

    @Test
    void fileThatIsGoneIsSaid() throws IOException {
        // Given
        put(Records.INPUT, TestInput.lines(5));

        // Then
        assertThatThrownBy(this::read).isInstanceOf(NoSuchFileException.class);
    }

    private String read() throws IOException {
        try (InputStream in = new Remainder(blobs, 5_000).of(ENDED)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void put(FileId file, String content) throws IOException {
        blobs.put(FileBlobs.key(file), TestInput.stream(content));
    }
}
