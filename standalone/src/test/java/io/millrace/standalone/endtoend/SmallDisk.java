package io.millrace.standalone.endtoend;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A file system of 300 MiB in memory that can be filled up; only root may mount one. */
final class SmallDisk {

    private static final int MIB = 1024 * 1024;

    private final Path folder;

    SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Mounts it and returns whether that was allowed. */
    boolean mount() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return run("mount", "-t", "tmpfs", "-o", "size=300m,mode=700", "tmpfs", folder.toString());
    }

    /** Writes until nothing more fits. */
    void fill() {
        byte[] block = new byte[MIB / 4];
        try (OutputStream filler = Files.newOutputStream(filler())) {
            while (true) {
                filler.write(block);
            }
        } catch (IOException _) {
            // that is the sign
        }
    }

    /** Takes away what it was filled with. */
    void makeRoom() {
        try {
            Files.delete(filler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unmounts it, once nobody uses it. */
    void unmount() {
        Await.until("unmounted", Duration.ofSeconds(30), () -> run("umount", folder.toString()));
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
