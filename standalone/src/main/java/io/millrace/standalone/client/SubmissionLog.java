package io.millrace.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;

/**
 * The file that a submission's steps are written to, each before the next one is taken.
 *
 * <p>Steps are appended as lines of JSON, of which the last whole one counts: a process that dies
 * while it writes leaves the step before. The file is locked as long as it is open, so that two
 * processes do not submit the same thing at the same time.
 */
final class SubmissionLog implements AutoCloseable {

    private static final String ID = "submission";
    private static final int LARGEST = 64 * 1024;

    private final Path path;
    private final FileChannel channel;

    private SubmissionLog(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens a log, and makes it when it is not there.
     *
     * @throws RefusedException when it cannot be written, or is open elsewhere
     */
    static SubmissionLog open(Path path) {
        try {
            Files.createDirectories(path.toAbsolutePath().resolveSibling("."));
            FileChannel channel =
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new RefusedException(
                        path + ": another process is submitting the same file at the moment");
            }
            return new SubmissionLog(path, channel);
        } catch (IOException e) {
            throw new RefusedException(
                    "%s: cannot be written (%s); --state names another folder".formatted(path, e),
                    e);
        }
    }

    /** Returns the last step, or none. */
    Optional<Submission> last() throws IOException {
        if (channel.size() > LARGEST) {
            throw new RefusedException(path + ": is no file of ours, it is too large");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
        channel.position(0);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            // until all is read
        }
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        // a line that was cut off is no JSON; whoever wrote it took no further step
        return text.lines()
                .flatMap(line -> parsed(line).stream())
                .reduce((_, last) -> last)
                .filter(step -> step.hasNonNull(ID))
                .map(SubmissionLog::submission);
    }

    /** Writes a step; it is on the disk when this returns. */
    Submission append(Submission step) throws IOException {
        ObjectNode json = Json.object();
        json.put(ID, step.id());
        step.file().ifPresent(file -> json.put("file", file));
        step.asked().ifPresent(asked -> json.put("asked", asked.toString()));
        step.batch().ifPresent(batch -> json.put("batch", batch));
        append(json);
        return step;
    }

    /** Forgets all steps. */
    void forget() throws IOException {
        append(Json.object());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void append(ObjectNode json) throws IOException {
        // begins a line of its own, behind one that may have been cut off
        String line = "\n%s\n".formatted(json);
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        channel.position(channel.size());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    private static Optional<JsonNode> parsed(String line) {
        try {
            return line.isBlank()
                    ? Optional.empty()
                    : Optional.of(Json.parse(line.getBytes(StandardCharsets.UTF_8)));
        } catch (MalformedJsonException _) {
            return Optional.empty();
        }
    }

    private static Submission submission(JsonNode json) {
        return new Submission(
                json.path(ID).asText(),
                Optional.ofNullable(json.path("file").textValue()),
                Optional.ofNullable(json.path("asked").textValue()).map(Instant::parse),
                Optional.ofNullable(json.path("batch").textValue()));
    }
}
