@NullMarked
package io.millrace.ingress.files;

import org.jspecify.annotations.NullMarked;
