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
 * The directory is forced too, for a name may be lost as well as a content.
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
        Path parent = directory.resolve(parentKey(key));
        Files.createDirectories(parent);
        Path temporary = Files.createTempFile(parent, "incoming", ".tmp");
        try {
            MessageDigest sha256 = sha256();
            long size = copy(new DigestInputStream(content, sha256), temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            force(parent, StandardOpenOption.READ);
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

    private static String parentKey(String key) {
        return key.substring(0, Math.max(0, key.lastIndexOf('/')));
    }

    private static long copy(InputStream content, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            content.transferTo(out);
        }
        force(file, StandardOpenOption.WRITE);
        return Files.size(file);
    }

    private static void force(Path path, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
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
