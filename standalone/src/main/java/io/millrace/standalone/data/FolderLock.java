package io.millrace.standalone.data;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An exclusive hold of a folder by this process.
 *
 * <p>The operating system lets it go when the process ends, however it ends, so nothing is stale
 * after a kill -9. The file holds the pid, for the message to whoever comes second.
 */
final class FolderLock implements AutoCloseable {

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the folder.
     *
     * @throws RefusedException if a process has it, be it this one
     */
    static FolderLock take(Path folder, Path file) {
        try {
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                throw new RefusedException(
                        "--data: folder %s is in use by another millrace (pid %s)"
                                .formatted(folder, Files.readString(file).strip()));
            }
            channel.truncate(0);
            channel.write(US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
            return new FolderLock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file, e);
        }
    }

    /** Leaves a refused channel open: if the holder is this JVM, closing it would free the lock. */
    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot let the lock go", e);
        }
    }
}
