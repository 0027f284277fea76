package io.millrace.ingress.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.FileState;
import io.millrace.servicekit.http.Json;

/** A file as clients see it: OpenAI's object. */
final class FileJson {

    private FileJson() {}

    static ObjectNode of(FileState file) {
        ObjectNode json = Json.object();
        json.put("id", file.getFileId());
        json.put("object", "file");
        json.put("bytes", file.getContent().getSize());
        json.put("created_at", file.getCreatedAt().getEpochSecond());
        if (file.getExpiresAt() != null) {
            json.put("expires_at", file.getExpiresAt().getEpochSecond());
        }
        json.put("filename", file.getFilename());
        json.put("purpose", file.getPurpose());
        json.put("status", "processed");
        return json;
    }
}
