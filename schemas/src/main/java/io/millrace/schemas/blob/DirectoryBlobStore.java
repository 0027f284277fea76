package io.millrace.schemas.blob;

import io.millrace.schemas.avro.BlobRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Blobs as files of one directory: written under a temporary name, forced to disk, then renamed.
 */
public final class DirectoryBlobStore implements BlobStore {

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*");

    private final Path directory;

    /** Uses the directory, which is made with the first blob. */
    public DirectoryBlobStore(Path directory) {
        this.directory = directory;
    }

    @Override
    public BlobRef put(String key, InputStream content) throws IOException {
        Path target = path(key);
        Files.createDirectories(target.getParent());
        Path temporary = Files.createTempFile(target.getParent(), "incoming", ".tmp");
        try {
            MessageDigest sha256 = sha256();
            long size = copy(new DigestInputStream(content, sha256), temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            return new BlobRef(key, size, HexFormat.of().formatHex(sha256.digest()));
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    @Override
    public InputStream open(BlobRef ref) throws IOException {
        return Files.newInputStream(path(ref.getKey()));
    }

    @Override
    public void delete(BlobRef ref) throws IOException {
        Files.deleteIfExists(path(ref.getKey()));
    }

    private Path path(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("no blob key: '%s'".formatted(key));
        }
        return directory.resolve(key);
    }

    private static long copy(InputStream content, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            content.transferTo(out);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
            return channel.size();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
