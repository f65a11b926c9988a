import '@fupin/platform/ui/ui.css'
import '@fupin/platform/ui/print.css'
import './office.css'
import { LanguageContext } from '@fupin/platform/ui/language.tsx'
import { look } from '@fupin/platform/ui/look.ts'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { router } from './routes.tsx'
import { usePreferences } from './shell/preferences.ts'
import { Refusal } from './wire/ask.ts'

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce
const client = new QueryClient({ defaultOptions: { queries: { retry: mayHelp, staleTime: 60_000, refetchOnWindowFocus: false } } })

/** Asking again helps when nobody answered, not when the answer was no. */
function mayHelp(times: number, error: Error) {
  return times < 1 && !(error instanceof Refusal && error.status > 0)
}

function Office() {
  const { language, elder } = usePreferences().preferences
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
    document.documentElement.classList.toggle('elder', elder)
  }, [language, elder])
  return (
    <ConfigProvider theme={look(elder)} csp={{ nonce }} button={{ autoInsertSpace: false }} locale={language === 'zh' ? zhCN : enUS}>
      <LanguageContext value={language}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LanguageContext>
    </ConfigProvider>
  )
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Office />
  </StrictMode>,
)
