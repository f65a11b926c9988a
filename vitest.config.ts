import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/dist/**', '.fupin/**'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Two cores: a database, a browser and a test runner side by side are already three programs.
    maxWorkers: 2,
  },
})
