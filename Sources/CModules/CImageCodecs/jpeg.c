#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
// After stdio, which it needs and does not include.
#include <jerror.h>
#include <jpeglib.h>

typedef struct {
  struct jpeg_error_mgr base;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  int outcome;
  const apus_image_limits *limits;
  apus_image_message *message;
  struct jpeg_destination_mgr destination;
  /// What is written so far, and how much there is room for.
  apus_image_bytes out;
  size_t room;
} state;

static state *state_of(j_common_ptr codec) { return (state *)codec->client_data; }

static void leave(j_common_ptr codec, int outcome) {
  state *own = state_of(codec);
  own->outcome = outcome;
  longjmp(own->escape, 1);
}

static void fail(j_common_ptr codec) {
  state *own = state_of(codec);
  char text[JMSG_LENGTH_MAX];
  (*codec->err->format_message)(codec, text);
  apus_image_say(own->message, text);
  int code = codec->err->msg_code;
  // What asks for more than max_memory_to_use is told that there is no file to swap to.
  int costly = code == JERR_OUT_OF_MEMORY || code == JERR_NO_BACKING_STORE;
  leave(codec, costly ? APUS_IMAGE_TOO_COSTLY : APUS_IMAGE_DAMAGED);
}

/// Bytes before a marker that belong to nothing. Cameras fill up with a few; more are what a decoder leaves that a
/// flipped bit has led astray.
#define STRAY_BYTES_MOST 16

static int has_gone_astray(j_common_ptr codec) {
  return codec->is_decompressor && ((j_decompress_ptr)codec)->input_scan_number > 0 &&
         codec->err->msg_parm.i[0] > STRAY_BYTES_MOST;
}

/// The library fills in grey for what is missing, and goes on. A picture of which a part is invented is refused.
static void warn(j_common_ptr codec, int level) {
  if (level >= 0) return;
  switch (codec->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
      if (has_gone_astray(codec)) fail(codec);
      return;
    case JWRN_JFIF_MAJOR:
    case JWRN_ADOBE_XFORM:
    case JWRN_TOO_MUCH_DATA:
      return;
    default:
      fail(codec);
  }
}

static void say_nothing(j_common_ptr codec) { (void)codec; }

static void look_at_cost(j_common_ptr codec) {
  state *own = state_of(codec);
  if (apus_image_is_late(own->limits)) {
    apus_image_say(own->message, "the time is up");
    leave(codec, APUS_IMAGE_TOO_SLOW);
  }
  if (codec->is_decompressor && ((j_decompress_ptr)codec)->input_scan_number > own->limits->scans_max) {
    apus_image_say(own->message, "too many scans");
    leave(codec, APUS_IMAGE_TOO_COSTLY);
  }
}

static void set_up(state *own, const apus_image_limits *limits, apus_image_message *message) {
  memset(own, 0, sizeof *own);
  jpeg_std_error(&own->base);
  own->base.error_exit = fail;
  own->base.emit_message = warn;
  own->base.output_message = say_nothing;
  own->progress.progress_monitor = look_at_cost;
  own->limits = limits;
  own->message = message;
}

void apus_jpeg_scaled(uint32_t width, uint32_t height, int eighths, uint32_t *scaled_width, uint32_t *scaled_height) {
  *scaled_width = (uint32_t)(((uint64_t)width * (uint64_t)eighths + 7) / 8);
  *scaled_height = (uint32_t)(((uint64_t)height * (uint64_t)eighths + 7) / 8);
}

/// Adobe's CMYK is inverted: 255 is no ink. Others' is not.
static void from_cmyk(const uint8_t *row, uint32_t width, int is_inverted, int channels, uint8_t *target) {
  for (uint32_t x = 0; x < width; x++, row += 4, target += channels) {
    uint32_t colour[3];
    uint32_t black = is_inverted ? row[3] : 255u - row[3];
    for (int i = 0; i < 3; i++) colour[i] = ((is_inverted ? row[i] : 255u - row[i]) * black + 127) / 255;
    if (channels == 3) {
      for (int i = 0; i < 3; i++) target[i] = (uint8_t)colour[i];
    } else {
      // ITU-R BT.601, in 16 bits of fraction.
      target[0] = (uint8_t)((colour[0] * 19595 + colour[1] * 38470 + colour[2] * 7471 + 32768) >> 16);
    }
  }
}

int apus_jpeg_decode(
  const uint8_t *bytes, size_t count, const apus_image_limits *limits, int eighths, int channels, uint8_t *pixels,
  apus_image_message *message) {
  state own;
  struct jpeg_decompress_struct codec;
  set_up(&own, limits, message);
  memset(&codec, 0, sizeof codec);
  codec.err = &own.base;
  codec.client_data = &own;
  if (setjmp(own.escape)) {
    jpeg_destroy_decompress(&codec);
    return own.outcome;
  }
  jpeg_create_decompress(&codec);
  codec.progress = &own.progress;
  codec.mem->max_memory_to_use = (long)limits->memory_max;
  jpeg_mem_src(&codec, bytes, count);
  jpeg_read_header(&codec, TRUE);
  if (codec.image_width != limits->width || codec.image_height != limits->height) {
    apus_image_say(message, "it has a second header of another size");
    leave((j_common_ptr)&codec, APUS_IMAGE_MISMATCH);
  }
  int is_cmyk = codec.jpeg_color_space == JCS_CMYK || codec.jpeg_color_space == JCS_YCCK;
  codec.out_color_space = is_cmyk ? JCS_CMYK : channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  codec.scale_num = (unsigned)eighths;
  codec.scale_denom = 8;
  codec.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&codec);
  uint32_t width, height;
  apus_jpeg_scaled(limits->width, limits->height, eighths, &width, &height);
  int expected = is_cmyk ? 4 : channels;
  if (codec.output_width != width || codec.output_height != height || codec.output_components != expected) {
    apus_image_say(message, "it is not decoded into what its header promises");
    leave((j_common_ptr)&codec, APUS_IMAGE_MISMATCH);
  }
  JSAMPARRAY line = NULL;
  if (is_cmyk) line = (*codec.mem->alloc_sarray)((j_common_ptr)&codec, JPOOL_IMAGE, width * 4, 1);
  while (codec.output_scanline < height) {
    uint8_t *target = pixels + (size_t)codec.output_scanline * width * (size_t)channels;
    if (is_cmyk) {
      jpeg_read_scanlines(&codec, line, 1);
      from_cmyk(line[0], width, codec.saw_Adobe_marker, channels, target);
    } else {
      JSAMPROW row = target;
      jpeg_read_scanlines(&codec, &row, 1);
    }
  }
  jpeg_finish_decompress(&codec);
  jpeg_destroy_decompress(&codec);
  return APUS_IMAGE_OK;
}

/// Twice the room, the first time 64 KiB. The state has the buffer from here on, so that who leaves frees that one.
static void make_room(j_compress_ptr codec) {
  state *own = state_of((j_common_ptr)codec);
  size_t room = own->room > 0 ? own->room * 2 : 65536;
  uint8_t *larger = realloc(own->out.bytes, room);
  if (!larger) ERREXIT1(codec, JERR_OUT_OF_MEMORY, 0);
  own->out.bytes = larger;
  own->destination.next_output_byte = larger + own->room;
  own->destination.free_in_buffer = room - own->room;
  own->room = room;
}

/// Called with a full buffer, whatever its count of free bytes says (libjpeg's documentation, libjpeg.txt).
static boolean go_on_writing(j_compress_ptr codec) {
  make_room(codec);
  return TRUE;
}

static void end_writing(j_compress_ptr codec) {
  state *own = state_of((j_common_ptr)codec);
  own->out.count = own->room - own->destination.free_in_buffer;
}

/// Not jpeg_mem_dest: that tells where its grown buffer is only at the very end, which nobody who leaves before sees.
static void write_into(state *own, j_compress_ptr codec) {
  own->destination.init_destination = make_room;
  own->destination.empty_output_buffer = go_on_writing;
  own->destination.term_destination = end_writing;
  codec->dest = &own->destination;
}

int apus_jpeg_encode(
  const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int quality, apus_image_bytes profile,
  int64_t deadline_ns, apus_image_bytes *encoded, apus_image_message *message) {
  state own;
  struct jpeg_compress_struct codec;
  const apus_image_limits none = {.deadline_ns = deadline_ns};
  set_up(&own, &none, message);
  memset(&codec, 0, sizeof codec);
  codec.err = &own.base;
  codec.client_data = &own;
  if (setjmp(own.escape)) {
    jpeg_destroy_compress(&codec);
    free(own.out.bytes);
    return own.outcome;
  }
  jpeg_create_compress(&codec);
  codec.progress = &own.progress;
  write_into(&own, &codec);
  codec.image_width = width;
  codec.image_height = height;
  codec.input_components = channels;
  codec.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  // Half the colour resolution is seen at high quality only.
  if (channels == 3 && quality >= 92) codec.comp_info[0].h_samp_factor = codec.comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(&codec, TRUE);
  if (profile.count > 0) jpeg_write_icc_profile(&codec, profile.bytes, (unsigned)profile.count);
  while (codec.next_scanline < height) {
    JSAMPROW row = (JSAMPROW)(pixels + (size_t)codec.next_scanline * width * (size_t)channels);
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  *encoded = own.out;
  return APUS_IMAGE_OK;
}
