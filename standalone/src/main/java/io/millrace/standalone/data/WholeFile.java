package io.millrace.standalone.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;

/** Writes a file so that a reader sees the old text or the new one, never half of it. */
final class WholeFile {

    private WholeFile() {}

    /** Replaces the file's text, also through a power cut. */
    static void write(Path file, String text, FileAttribute<?>... attributes) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException(file + " is no file");
        }
        try {
            Path draft =
                    Files.createTempFile(folder, "." + file.getFileName(), ".draft", attributes);
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                var bytes = StandardCharsets.UTF_8.encode(text);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
