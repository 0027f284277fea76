package io.millrace.standalone.documents;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.io.RandomAccessReadBufferedFile;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;

/** The words of a PDF, as PDFBox finds them; the one class that knows it. */
final class PdfWords {

    private PdfWords() {}

    /**
     * Returns the words of all pages.
     *
     * @throws IOException when it is no PDF, is broken, or wants a password
     */
    static String of(Path file) throws IOException {
        // streams are unpacked into a temporary file: a small PDF may hold much
        try (PDDocument document =
                Loader.loadPDF(
                        new RandomAccessReadBufferedFile(file),
                        "",
                        null,
                        null,
                        IOUtils.createTempFileOnlyStreamCache())) {
            return new PDFTextStripper().getText(document);
        }
    }
}
