package io.millrace.standalone.data;

import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The data folder of this process, held by a lock until it is closed.
 *
 * <pre>
 *   run/       what belongs to the running process: lock, ports.json, keys.json, pid files
 *   logs/      log files
 *   kafka/     the broker's log
 *   registry/  the registry's database
 *   state/     Kafka Streams' local state
 *   blobs/     payloads too large for the log
 *   cache/     what may be deleted at any time
 * </pre>
 */
public final class DataDirectory implements AutoCloseable {

    private static final List<String> FOLDERS =
            List.of("run", "logs", "kafka", "registry", "state", "blobs", "cache");

    private final Path root;
    private final FolderLock lock;

    private DataDirectory(Path root, FolderLock lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Makes the folder if it is missing, and takes it.
     *
     * @throws RefusedException if another process has it or it cannot be written
     */
    public static DataDirectory open(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        try {
            for (String folder : FOLDERS) {
                Files.createDirectories(absolute.resolve(folder));
            }
            Files.deleteIfExists(writeProbe(absolute));
        } catch (IOException e) {
            throw new RefusedException(
                    "--data: folder %s cannot be written: %s".formatted(absolute, reason(e)), e);
        }
        FolderLock lock = FolderLock.take(absolute, absolute.resolve("run").resolve("lock"));
        return new DataDirectory(absolute, lock);
    }

    public Path root() {
        return root;
    }

    public Path run() {
        return root.resolve("run");
    }

    public Path logs() {
        return root.resolve("logs");
    }

    public Path kafka() {
        return root.resolve("kafka");
    }

    public Path registry() {
        return root.resolve("registry");
    }

    public Path state() {
        return root.resolve("state");
    }

    public Path blobs() {
        return root.resolve("blobs");
    }

    public Path cache() {
        return root.resolve("cache");
    }

    /** Where the ports of the running process are written: {@code run/ports.json}. */
    public PortsFile ports() {
        return new PortsFile(run().resolve("ports.json"));
    }

    /** A file under {@code run/} that only its owner may read. */
    public SecretFile secret(String name) {
        return new SecretFile(run().resolve(name));
    }

    /** Gives the folder to whoever comes next. */
    @Override
    public void close() {
        lock.close();
    }

    private static Path writeProbe(Path root) throws IOException {
        return Files.createTempFile(root.resolve("run"), "probe", "");
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + " " + e.getMessage();
    }
}
