package io.millrace.dispatcher.provider.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * The files that the native libraries need on disk, all within one directory, which later starts
 * find filled.
 *
 * <p>ONNX Runtime would unpack itself into the system's temporary directory at each start and leave
 * it there after a kill; DJL's tokenizers would write to {@code ~/.djl.ai}, look for a GPU's
 * library on the network and send telemetry. Both take their wishes from system properties only.
 */
final class NativeFiles {

    private static final String MODEL = "all-minilm-l6-v2-q.onnx";
    private static final String VERSION = "onnxruntime-1.20.0"; // that of the dependency

    private final Path directory;

    NativeFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Unpacks what is missing, points the libraries to it, and returns the model's file.
     *
     * @throws IOException when the directory cannot be written
     */
    Path prepare() throws IOException {
        Path libraries = directory.resolve(VERSION);
        Files.createDirectories(libraries);
        for (String library : new String[] {"onnxruntime", "onnxruntime4j_jni"}) {
            String file = System.mapLibraryName(library);
            unpack("/ai/onnxruntime/native/%s/%s".formatted(platform(), file), libraries, file);
        }
        System.setProperty("onnxruntime.native.path", libraries.toAbsolutePath().toString());
        System.setProperty("ENGINE_CACHE_DIR", directory.toAbsolutePath().toString());
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        return unpack("/" + MODEL, directory, MODEL);
    }

    private static Path unpack(String resource, Path to, String file) throws IOException {
        Path target = to.resolve(file);
        if (Files.exists(target)) {
            return target;
        }
        try (InputStream from = NativeFiles.class.getResourceAsStream(resource)) {
            if (from == null) {
                throw new IOException("the built-in model does not run here: no " + resource);
            }
            Path part = Files.createTempFile(to, file, ".part");
            Files.copy(from, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        }
        return target;
    }

    /** The platform as ONNX Runtime names its folders. */
    private static String platform() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String name = os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux";
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return name + (arch.equals("aarch64") ? "-aarch64" : "-x64");
    }
}
