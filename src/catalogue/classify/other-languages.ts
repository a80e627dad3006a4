import type { ToolClass } from "../verdict.ts";
import { DOES, WEIGHTS, type Sign } from "./sign.ts";
import { list } from "./words.ts";

type Beside = { readonly before: RegExp } | { readonly behind: RegExp };

/** Verbs of descriptions that are not in English, as parts of the text where words are not set apart. */
interface Language {
  /** Whether a text may be in it. */
  readonly letters: RegExp;
  /** Where its sentences have the verb that says what is done. */
  readonly verb: "first" | "last";
  /** What stands beside a verb that is done as well. */
  readonly and: Beside;
  /** What stands beside a verb that only describes a thing: "deleted files". */
  readonly past: Beside;
  readonly verbs: Readonly<Record<ToolClass, string>>;
}

const LANGUAGES: readonly Language[] = [
  {
    letters: /[\u3040-\u30ff]/,
    verb: "last",
    and: { behind: /^(?:し、|して|し[^まてた]|・|、|や|または|と|\/)/ },
    past: { behind: /^(?:され|した|済|日|者)/ },
    verbs: {
      read: `取得 検索 一覧 表示 返し 返す 参照 確認 閲覧 読み取 読み込 計算 分析 解析 検証 比較 調べ 調査 推薦 提案 要約 翻訳 変換 照会 抽出`,
      write: `作成 追加 更新 変更 編集 設定 登録 送信 投稿 保存 書き込 移動 コピー アップロード ダウンロード 招待 承認 拒否 既読に 未読に 参加
        有効 無効 一時停止 再開 公開 割り当て 予約 生成 接続 切断 ログイン`,
      execute: `実行 起動 開始 クリック 入力し 操作 呼び出 デプロイ 再起動 ビルド インストール`,
      destructive: `削除 停止 消去 終了 キャンセル 取り消 破棄 初期化 クリア アンインストール`,
      financial: `支払 送金 購入 返金 決済 注文 入金 出金 課金`,
    },
  },
  {
    letters: /[\uac00-\ud7af]/,
    verb: "last",
    and: { behind: /^(?:하고|하여|하거나|,|·|\/| 및| 또는)/ },
    past: { behind: /^(?:된|한 |되)/ },
    verbs: {
      read: `조회 검색 가져 확인 목록 반환 읽 계산 분석 비교 검증 추천 번역 요약`,
      write: `생성 추가 수정 업데이트 변경 설정 등록 전송 보내 저장 작성 이동 복사 업로드 다운로드 초대 승인 거절 게시 연결`,
      execute: `실행 시작 클릭 호출 배포 재시작 설치 조작`,
      destructive: `삭제 제거 중지 종료 취소 초기화 비우`,
      financial: `결제 송금 구매 환불 주문 이체 출금`,
    },
  },
  {
    letters: /[\u4e00-\u9fff]/,
    verb: "first",
    and: { before: /(?:并|且|和|或|或者|、|及|以及|与|然后|后|\/)\s*(?:将其|再)?$/ },
    past: { before: /(?:已|被|所)$/ },
    verbs: {
      read: `获取 查询 搜索 列出 查看 读取 检索 查找 检查 返回 计算 分析 推荐 比较 对比 验证 统计 显示 展示 浏览 抓取 爬取 解析 提取 翻译 总结
        预览 测量 识别 检测 导航到定义 獲取 查詢 搜尋 取得 讀取 檢查 計算`,
      write: `创建 新建 添加 新增 增加 更新 修改 编辑 设置 保存 发送 上传 下载 写入 移动 重命名 复制 连接 断开 登录 登出 发布 回复 评论 分配
        归档 启用 禁用 暂停 恢复 切换 导入 导出 生成 标记 邀请 注册 绑定 管理 配置 存储 合并 訂閱 订阅 建立 新增 傳送 儲存`,
      execute: `执行 运行 启动 调用 点击 部署 重启 触发 安装 构建 操作 输入 打开浏览器 開啟 執行 啟動`,
      destructive: `删除 移除 清除 清空 停止 终止 取消 卸载 撤销 关闭 销毁 重置 刪除 終止`,
      financial: `支付 付款 转账 退款 购买 下单 充值 提现 打赏 买入 卖出 付費 購買 轉帳`,
    },
  },
  {
    letters: /[\u0400-\u04ff]/,
    verb: "first",
    and: { before: /(?:,| и| или|\/)\s*$/i },
    past: { before: /(?:удал[её]нн|созданн)$/i },
    verbs: {
      read: `получ получает возвраща верн поиск найти найд найт ищет список показ просм прочит чтени провер вычисл рассчит сравни анализ`,
      write: `созда добав обнов измен редактир сохран отправ загру перемест переимен копир назнач опублик установ пригла подпис подключ`,
      execute: `запуст запуск выполн вызов вызва разверн нажат нажима перезапус установит`,
      destructive: `удал очист остан отмен отзыв отозв заверш закры сброс`,
      financial: `оплат платеж платёж перевод купить покупк возврат списат заказать`,
    },
  },
];

/** First words of texts in languages whose letters are those of English. */
const FIRST_WORDS: Readonly<Record<ToolClass, string>> = {
  read: `obtiene obtener obtén lista listar busca buscar consulta consultar muestra mostrar devuelve verifica obtém obter retorna
    recupera ottiene elenca cerca récupère récupérer obtient obtenir liste lister recherche rechercher affiche afficher
    renvoie retourne ruft holt liest listet sucht zeigt gibt liefert prüft berechnet abrufen haal`,
  write: `crea crear cria criar actualiza actualizar atualiza agrega añade añadir adiciona modifica guarda envía enviar envia
    publica sube salva aggiorna aggiunge invia crée créer modifie ajoute ajouter envoie publie enregistre erstellt erstellen
    aktualisiert aktualisieren fügt ändert sendet senden speichert`,
  execute: `ejecuta ejecutar inicia iniciar executa executar esegue avvia exécute exécuter lance démarre führt startet`,
  destructive: `elimina eliminar borra borrar cancela detiene exclui excluir deleta apaga cancella supprime supprimer efface
    annule arrête löscht löschen entfernt stoppt beendet`,
  financial: `paga pagar transfiere compra comprar paie achète rembourse bezahlt überweist kauft`,
};

const classes = (verbs: Readonly<Record<ToolClass, string>>): ReadonlyMap<string, ToolClass> =>
  new Map(
    Object.entries(verbs).flatMap(([is, words]) =>
      isClass(is) ? list(words).map((word): [string, ToolClass] => [word, is]) : [],
    ),
  );

const isClass = (text: string): text is ToolClass => Object.hasOwn(FIRST_WORDS, text);

const FIRST = classes(FIRST_WORDS);

interface Reader extends Omit<Language, "verbs"> {
  readonly known: ReadonlyMap<string, ToolClass>;
  /** The verbs by the letter with which they begin; of those that begin alike the longer one is meant. */
  readonly byLetter: ReadonlyMap<string, readonly string[]>;
}

const READERS = LANGUAGES.map(({ letters, verb, and, past, verbs }): Reader => {
  const known = classes(verbs);
  const words = [...known.keys()].sort((a, b) => b.length - a.length);
  return { letters, verb, and, past, known, byLetter: Map.groupBy(words, (word) => word.slice(0, 1)) };
});

interface Match {
  readonly word: string;
  readonly index: number;
}

const matchesIn = (sentence: string, { byLetter }: Reader): readonly Match[] => {
  const found: Match[] = [];
  for (
    let at = 0;
    at < sentence.length;
    at += found.at(-1)?.index === at ? (found.at(-1)?.word.length ?? 1) : 1
  ) {
    const word = byLetter.get(sentence.charAt(at))?.find((known) => sentence.startsWith(known, at));
    if (word !== undefined) {
      found.push({ word, index: at });
    }
  }
  return found;
};

const READ_MAX = 300;
const SENTENCES_MAX = 3;
const ENDS = /[。．！？!?\n]|\.(?:\s|$)/;

/** What a description in another language says that is done; nothing where it is in English. */
export const otherLanguages = (text: string): readonly Sign[] => {
  const sentences = text.trimStart().slice(0, READ_MAX).toLowerCase().split(ENDS, SENTENCES_MAX);
  for (const sentence of sentences) {
    const reader = READERS.find(({ letters }) => letters.test(sentence));
    const signs = reader === undefined ? [] : signsOf(sentence, reader);
    if (signs.length > 0) {
      return signs;
    }
  }
  const word = /^\p{L}+/u.exec(sentences[0] ?? "")?.[0] ?? "";
  const is = FIRST.get(word);
  return is === undefined ? [] : [signFor(word, is, WEIGHTS.sure)];
};

const signsOf = (sentence: string, reader: Reader): readonly Sign[] => {
  const { known, verb, and, past } = reader;
  const found = matchesIn(sentence, reader).filter((match) => !stands(sentence, match, past));
  const lead = verb === "first" ? found[0] : found.at(-1);
  return found.flatMap((match) => {
    const is = known.get(match.word);
    if (is === undefined || !(match === lead || isDone(sentence, match, is, and))) {
      return [];
    }
    return [signFor(match.word, is, match === lead ? WEIGHTS.sure : WEIGHTS.inside)];
  });
};

/** Behind a comma as well, where it is more than a change: that is said too often of what is only given back. */
const isDone = (sentence: string, match: Match, is: ToolClass, and: Beside): boolean =>
  stands(sentence, match, and) || (is !== "read" && is !== "write" && stands(sentence, match, COMMA));
const COMMA: Beside = { before: /[，,]\s*$/ };

/** Whether what is looked for stands directly before or behind a match. */
const stands = (sentence: string, match: Match, where: Beside): boolean =>
  "before" in where
    ? where.before.test(sentence.slice(Math.max(0, match.index - 12), match.index))
    : where.behind.test(sentence.slice(match.index + match.word.length).slice(0, 12));

const signFor = (found: string, is: ToolClass, weight: number): Sign => ({
  class: is,
  weight,
  from: "description",
  found,
  says: `The description says "${found}", so it ${DOES[is]}.`,
});
