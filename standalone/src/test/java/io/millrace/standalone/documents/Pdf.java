package io.millrace.standalone.documents;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;

/** PDFs of one page. */
final class Pdf {

    private Pdf() {}

    static void write(Path file, String words) throws IOException {
        try (PDDocument document = new PDDocument()) {
            save(document, words, file);
        }
    }

    static void writeLocked(Path file, String words) throws IOException {
        try (PDDocument document = new PDDocument()) {
            document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
            save(document, words, file);
        }
    }

    private static void save(PDDocument document, String words, Path file) throws IOException {
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
            content.beginText();
            content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
            content.newLineAtOffset(50, 500);
            content.showText(words);
            content.endText();
        }
        document.save(file.toFile());
    }
}
