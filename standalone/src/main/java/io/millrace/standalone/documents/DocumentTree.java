package io.millrace.standalone.documents;

import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The documents under a folder, by their names in it. Hidden files are none of them, links to
 * folders are not followed.
 */
final class DocumentTree extends SimpleFileVisitor<Path> {

    private static final int MOST = 100_000;

    private final Path root;
    private final Path excluded;
    private final BiConsumer<String, String> unreadable;
    private final SortedMap<String, Path> found = new TreeMap<>();

    private DocumentTree(Path root, Path excluded, BiConsumer<String, String> unreadable) {
        this.root = root;
        this.excluded = excluded;
        this.unreadable = unreadable;
    }

    /**
     * Returns the documents.
     *
     * @param excluded a folder whose files are none
     * @param unreadable told the name of what cannot be entered, and why
     * @throws RefusedException when there is no such folder, or more than 100,000 documents
     */
    static SortedMap<String, Path> of(
            Path root, Path excluded, BiConsumer<String, String> unreadable) {
        if (!Files.isDirectory(root)) {
            throw new RefusedException(root + ": there is no such folder");
        }
        DocumentTree tree =
                new DocumentTree(root, excluded.toAbsolutePath().normalize(), unreadable);
        try {
            Files.walkFileTree(root, tree);
        } catch (IOException e) {
            throw new RefusedException("%s: cannot be read: %s".formatted(root, e), e);
        }
        return tree.found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        boolean passed =
                (!folder.equals(root) && isHidden(folder))
                        || folder.toAbsolutePath().normalize().equals(excluded);
        return passed ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (!isHidden(file) && DocumentKind.of(file).isPresent() && Files.isRegularFile(file)) {
            found.put(name(file), file);
            if (found.size() > MOST) {
                throw new RefusedException("%s: has more than %d documents".formatted(root, MOST));
            }
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        unreadable.accept(name(file), "cannot be read: " + e);
        return FileVisitResult.CONTINUE;
    }

    private String name(Path file) {
        return root.relativize(file).toString();
    }

    private static boolean isHidden(Path file) {
        return String.valueOf(file.getFileName()).startsWith(".");
    }
}
