package io.millrace.schemas.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.schemas.avro.BlobRef;
import io.millrace.schemas.avro.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimCheckTest {

    private static final int LIMIT = 512 * 1024;

    @TempDir Path directory;
    private BlobStore store;
    private ClaimCheck claimCheck;

    @BeforeEach
    void useADirectory() {
        store = new DirectoryBlobStore(directory);
        claimCheck = new ClaimCheck(store);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, LIMIT - 1, LIMIT})
    void payloadUpTo512KibibytesTravelsInline(int size) throws IOException {
        // Given
        byte[] bytes = bytes(size);

        // When
        Payload payload = claimCheck.checkIn(bytes, "job");

        // Then
        assertThat(payload.getBlob()).isNull();
        assertThat(claimCheck.checkOut(payload)).isEqualTo(bytes);
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(ints = {LIMIT + 1, 3 * LIMIT})
    void largerPayloadGoesToTheStore(int size) throws IOException {
        // Given
        byte[] bytes = bytes(size);

        // When
        Payload payload = claimCheck.checkIn(bytes, "jobs/job");

        // Then
        assertThat(payload.getInline()).isNull();
        assertThat(payload.getBlob().getKey()).isEqualTo("jobs/job");
        assertThat(payload.getBlob().getSize()).isEqualTo(size);
        assertThat(claimCheck.checkOut(payload)).isEqualTo(bytes);
    }

    @Test
    void inlinePayloadCanBeCheckedOutTwice() throws IOException {
        // Given: a slice that neither begins nor ends where its array does
        Payload payload = new Payload(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2), null);

        // Then
        assertThat(claimCheck.checkOut(payload)).containsExactly(2, 3);
        assertThat(claimCheck.checkOut(payload)).containsExactly(2, 3);
    }

    @Test
    void payloadWithNeitherBranchHasNoBytes() throws IOException {
        assertThat(claimCheck.checkOut(new Payload(null, null))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9, 11, -1, Long.MAX_VALUE})
    void blobOfAnotherSizeThanItsClaimIsNotGivenOut(long claimed) throws IOException {
        // Given
        BlobRef stored = store.put("a", new ByteArrayInputStream(new byte[10]));
        Payload payload = new Payload(null, new BlobRef("a", claimed, stored.getSha256()));

        // Then
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> claimCheck.checkOut(payload))
                .withMessage("blob a does not have the %d bytes it was stored with", claimed);
    }

    @Test
    void lostBlobIsToldAndNotTakenForAnEmptyOne() {
        Payload payload = new Payload(null, new BlobRef("lost", 1L, ""));

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> claimCheck.checkOut(payload));
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }
}
