/* A CUDA device in software, as far as the library asks for one: libcuda with -DDRIVER, libnvrtc without. Kernels are
   compiled by the C compiler, and what stands for PTX is the path of the shared object. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
typedef unsigned long long WORD;
#ifdef DRIVER
struct function { void (*call)(WORD, WORD, WORD, WORD, WORD); int arguments; };
int cuInit(unsigned flags) { return 0; }
int cuDeviceGet(int *device, int number) { *device = number; return number == 0 || number == 1 ? 0 : 101; }
int cuDeviceGetName(char *name, int length, int device) { snprintf(name, length, "a device in software"); return 0; }
int cuDeviceGetAttribute(int *value, int attribute, int device) { *value = attribute == 75 ? 8 : 0; return 0; }
int cuDevicePrimaryCtxRetain(void **context, int device) { *context = (void *)(WORD)(device + 1); return 0; }
int cuDevicePrimaryCtxRelease_v2(int device) { return 0; }
int cuCtxGetCurrent(void **context) { *context = (void *)1; return 0; }
int cuCtxSetCurrent(void *context) { return 0; }
int cuStreamSynchronize(void *stream) { return 0; }
int cuMemAlloc_v2(WORD *address, size_t bytes) { *address = (WORD)malloc(bytes); return *address ? 0 : 2; }
int cuMemFree_v2(WORD address) { free((void *)address); return 0; }
int cuMemcpyHtoDAsync_v2(WORD to, const void *from, size_t bytes, void *stream) { memcpy((void *)to, from, bytes); return 0; }
int cuMemcpyDtoHAsync_v2(void *to, WORD from, size_t bytes, void *stream) { memcpy(to, (void *)from, bytes); return 0; }
int cuModuleLoadData(void **module, const void *image) { *module = dlopen(image, RTLD_NOW); return *module ? 0 : 200; }
int cuModuleUnload(void *module) { return dlclose(module) ? 200 : 0; }
int cuModuleGetFunction(struct function **function, void *module, const char *name)
{
  *function = malloc(sizeof(struct function));
  (*function)->call = (void (*)(WORD, WORD, WORD, WORD, WORD))dlsym(module, name);
  (*function)->arguments = strncmp(name, "sums_", 5) ? 5 : 4;
  return (*function)->call ? 0 : 500;
}
int cuLaunchKernel(struct function *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                   unsigned shared, void *stream, void **parameters, void **extra)
{
  WORD word[5] = {0};
  for (int i = 0; i < f->arguments; i += 1) word[i] = *(WORD *)parameters[i];
  f->call(word[0], word[1], word[2], word[3], word[4]);
  return 0;
}
int cuGetErrorName(int error, const char **text) { *text = "error"; return 0; }
int cuGetErrorString(int error, const char **text) { *text = "an error of the device in software"; return 0; }
#else
struct program { char *source, path[4096]; };
static int count = 0;
int nvrtcCreateProgram(struct program **program, const char *source, const char *name, int headers, void *a, void *b)
{
  *program = calloc(1, sizeof(struct program));
  (*program)->source = strdup(source);
  return 0;
}
int nvrtcCompileProgram(struct program *program, int options, const char *const *option)
{
  char file[4096], command[12400];
  snprintf(program->path, sizeof program->path, "%.4000s/kernel_%d_%d.so", getenv("SOFTWARE_DEVICE"), getpid(), count++);
  snprintf(file, sizeof file, "%.4080s.c", program->path);
  FILE *text = fopen(file, "w");
  if (!text) return 5;
  fputs(program->source, text);
  fclose(text);
  snprintf(command, sizeof command, "cc -O1 -ffp-contract=off -shared -fPIC -o '%s' '%s' -lm", program->path, file);
  int failed = system(command);
  remove(file);
  return failed ? 6 : 0;
}
int nvrtcGetPTXSize(struct program *program, size_t *size) { *size = strlen(program->path) + 1; return 0; }
int nvrtcGetPTX(struct program *program, char *ptx) { strcpy(ptx, program->path); return 0; }
int nvrtcGetProgramLogSize(struct program *program, size_t *size) { *size = 1; return 0; }
int nvrtcGetProgramLog(struct program *program, char *log) { *log = 0; return 0; }
int nvrtcDestroyProgram(struct program **program) { free((*program)->source); free(*program); return 0; }
const char *nvrtcGetErrorString(int error) { return "an error of the compiler in software"; }
#endif
